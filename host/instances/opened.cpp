// SPDX-License-Identifier: Apache-2.0
// Waiting for a machine's guest, and removing a machine.
#include "instances/opened.hpp"

#include "base/files.hpp"
#include "guest/readiness.hpp"

namespace davit::host {
namespace {

Error with_console(const Error &error, const Json &machine) {
    const std::string tail = console_tail(machine);
    if (tail.empty()) return error;
    return {error.id(), error.message() + "\nThe end of its console:\n" + tail, error.hint(),
            error.code()};
}

}  // namespace

std::unique_ptr<GuestSession> OpenedMachine::wait_for_guest(Deadline deadline) const {
    Json machine;
    try {
        return wait_for_ssh(
            [&]() -> std::optional<GuestAddress> {
                machine = inspect();
                const auto state = member<std::string>(machine, "state", "the driver's answer");
                if (state != "running") {
                    const auto reason =
                        member_or<std::string>(machine, "reason", "", "the driver's answer");
                    throw Error{"machine-stopped", "instance \"" + record_.name + "\" is " + state +
                                                       " instead of starting" +
                                                       (reason.empty() ? "" : ": " + reason)};
                }
                return guest_address(services_, record_, machine);
            },
            deadline, services_.progress(), services_.cancel());
    } catch (const Error &error) {
        if (error.code() == ExitCode::interrupted) throw;
        throw with_console(error, machine);
    }
}

void remove_machine(Services &services, const LockedInstance &instance) {
    const fs::path folder = instance.folder().machine();
    if (!fs::exists(folder) || fs::is_empty(folder)) return;
    services.progress().step("deleting " + instance.record.name, 0, 0);
    open_machine(services, instance.record, instance.folder())
        ->remove(call_options(services, remove_patience));
}

}  // namespace davit::host
