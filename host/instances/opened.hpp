// SPDX-License-Identifier: Apache-2.0
// An instance's machine while a command works on it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "guest/guest.hpp"
#include "instances/state.hpp"

namespace davit::host {

class OpenedMachine {
 public:
    OpenedMachine(Services &services, const Record &record, const InstanceFolder &folder)
        : services_(services), record_(record), machine_(open_machine(services, record, folder)) {}

    Machine *operator->() const { return machine_.get(); }
    Json inspect() const { return machine_->inspect(call_options(services_, inspect_patience)); }
    // "running", "stopped", ... (schema inspect-1.json), asked now.
    std::string state() const {
        return member<std::string>(inspect(), "state", "the driver's answer");
    }
    // Where its guest listens now; nullopt if it does not run.
    std::optional<GuestAddress> address() const {
        return guest_address(services_, record_, inspect());
    }

    // Waits for SSH. A machine that stops meanwhile, and a deadline that passes, are errors that
    // carry the end of the console.
    std::unique_ptr<GuestSession> wait_for_guest(Deadline deadline) const;

 private:
    Services &services_;
    const Record &record_;
    std::unique_ptr<Machine> machine_;
};

// Powers the machine off if need be, and has its driver delete whatever it has of it. A machine
// that was never made: nothing to do. Error "driver-not-installed".
void remove_machine(Services &services, const LockedInstance &instance);

}  // namespace davit::host
