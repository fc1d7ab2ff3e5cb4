// SPDX-License-Identifier: Apache-2.0
// The process that waits: this program again, with the hidden command `__delayed-stop`.
#include "instances/delayed_stop.hpp"

#include <signal.h>

#include "base/process.hpp"

namespace davit::host {
namespace {

std::optional<ProcessIdentity> waiting(const InstanceFolder &folder) {
    const auto text = read_file(folder.delayed_stop(), 4096);
    if (!text) return std::nullopt;
    const auto process = ProcessIdentity::from_json(json_in(*text, folder.delayed_stop().string()));
    if (!alive(process)) return std::nullopt;
    return process;
}

}  // namespace

bool delayed_stop_pending(const InstanceFolder &folder) {
    return waiting(folder).has_value();
}

void schedule_delayed_stop(Services &services, const LockedInstance &instance,
                           std::chrono::minutes delay) {
    cancel_delayed_stop(instance.folder(), services.cancel());
    const Program program{
        {fs::read_symlink("/proc/self/exe").string(), "--driver", instance.record.driver,
         "__delayed-stop", instance.record.name, std::to_string(delay.count())},
        {{"DAVIT_HOME", services.home().string()}},
        "/",
        ""};
    spawn_program(program, services.home() / "delayed-stop.log", instance.folder().delayed_stop());
}

void cancel_delayed_stop(const InstanceFolder &folder, const Cancel &cancel) {
    const auto process = waiting(folder);
    if (process && process->pid != ProcessIdentity::self().pid) {
        signal_process(*process, SIGKILL);
        wait_gone(*process, Deadline::after(std::chrono::seconds{10}), cancel);
    }
    std::error_code failed;
    fs::remove(folder.delayed_stop(), failed);
    if (failed) throw system_error(failed.value(), "delete " + folder.delayed_stop().string());
}

}  // namespace davit::host
