// SPDX-License-Identifier: Apache-2.0
// What state an instance is in: its record, and where that is not enough, its driver's word.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "guest/guest.hpp"
#include "instances/services.hpp"
#include "instances/store.hpp"

namespace davit::host {

enum class State {
    running,
    stopped,
    starting,
    delayed_stop,
    suspended,
    unknown,
    unavailable,
    deleted
};

// As Multipass shows it: "Running", "Delayed Shutdown", ...
std::string state_name(State state);

struct Observation {
    State state = State::unknown;
    std::string reason;  // for unknown and unavailable: why
    std::string hint;    // and what to do
    Json machine;        // the driver's word (schema inspect-1.json); null if it was not asked
};

// Changes nothing. A driver is loaded only for an instance that may be running. A driver that fails
// to answer is a state that says so.
Observation observe(Services &services, const InstanceStore &store, const StoredInstance &instance);

// The machine of an instance. Error "driver-not-installed", or why the plugin cannot be loaded.
std::unique_ptr<Machine> open_machine(Services &services, const Record &record,
                                      const InstanceFolder &folder);

// How the rest of the host calls a machine: not for ever, and never unseen.
CallOptions call_options(Services &services, Milliseconds patience);
inline constexpr std::chrono::seconds inspect_patience{20};
inline constexpr std::chrono::seconds start_patience{120};
inline constexpr std::chrono::seconds remove_patience{120};

// Where the guest listens, as `machine` (schema inspect-1.json) says. nullopt: not known yet.
std::optional<GuestAddress> guest_address(Services &services, const Record &record,
                                          const Json &machine);

// The user's key pair for every guest, made when it is first needed.
KeyPair user_key(Services &services);

// The last lines of the machine's console, for an error's message; empty if there is none.
std::string console_tail(const Json &machine);

}  // namespace davit::host
