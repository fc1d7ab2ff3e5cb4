// SPDX-License-Identifier: Apache-2.0
// The life of an instance. Each function takes the instance's lock, asks the driver what is so,
// acts, and records what it did; killed anywhere, it leaves what the next one understands.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "instances/services.hpp"
#include "instances/state.hpp"
#include "instances/store.hpp"

namespace davit::host {

// The instance that is meant when no name is given.
inline constexpr const char *primary_name = "primary";

struct LaunchRequest {
    std::string image;  // empty: the default one
    std::optional<std::string> name;
    std::uint64_t cpus = 1;
    std::uint64_t memory = std::uint64_t{1} << 30;  // bytes
    std::optional<std::uint64_t> disk;              // bytes; default: 5 GiB or the image's size
    std::optional<std::string> user_data;           // the user's cloud-init document
    std::chrono::seconds timeout{300};
};

// Makes an instance, starts it, and waits until it can be used. Returns its name. Until its guest
// can be waited for, whatever fails undoes everything, and so does Ctrl-C at any time; at the
// deadline it goes on running.
std::string launch(Services &services, const LaunchRequest &request);

// Starts an instance and waits until its guest answers. Running already: returns at once.
void start(Services &services, const InstanceStore &store, const std::string &name,
           std::chrono::seconds timeout);

enum class StopKind { graceful, force };
void stop(Services &services, const InstanceStore &store, const std::string &name, StopKind kind);
// Stops it later; replaces an earlier delay.
void stop_later(Services &services, const InstanceStore &store, const std::string &name,
                std::chrono::minutes delay);
void cancel_stop(Services &services, const InstanceStore &store, const std::string &name);

// Error "instance-not-running" if it is not.
void restart(Services &services, const InstanceStore &store, const std::string &name,
             std::chrono::seconds timeout);

// What may be given up when an instance is deleted for good.
enum class Insist {
    no,
    abandon  // its driver is not installed: what that keeps elsewhere is left behind
};
// Stops an instance and marks it deleted; recover() undoes that.
void mark_deleted(Services &services, const InstanceStore &store, const std::string &name);
void recover(Services &services, const InstanceStore &store, const std::string &name);
// Deletes an instance for good, powering it off if need be.
void purge(Services &services, const InstanceStore &store, const std::string &name, Insist insist);

// A session with the guest of a running instance. Error "instance-not-running".
std::unique_ptr<GuestSession> connect_guest(Services &services, const StoredInstance &instance);

// Checks that the instance is there and not deleted, before anything is done to it or to others.
void require_usable(const InstanceStore &store, const std::string &name);

}  // namespace davit::host
