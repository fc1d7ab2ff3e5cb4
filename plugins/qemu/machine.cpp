// SPDX-License-Identifier: Apache-2.0
// The life of a machine: inspected, launched, shut down, powered off, removed.
#include "machine.hpp"

#include <system_error>

#include "architecture.hpp"
#include "command_line.hpp"
#include "layout.hpp"
#include "qmp.hpp"
#include "records.hpp"

namespace davit::qemu {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// What a user is told about a guest that QEMU holds; nullptr: it runs.
const char *pause_reason(const std::string &status) {
    if (status == "running") return nullptr;
    if (status == "io-error") return "its disk is full on this computer";
    if (status == "internal-error") return "its virtual processor failed";
    return "it was paused";
}

// `error` unless it says that the user gave up, which always goes through.
void let_cancellation_through(const Error &error) {
    if (error.status() == DAVIT_E_CANCELLED) throw Cancelled();
}

}  // namespace

std::optional<Identity> QemuMachine::running(Call &call) const {
    auto identity = read_process(folder_);
    if (identity && !support::alive(process_, *identity, call)) identity.reset();
    return identity;
}

std::string QemuMachine::inspect(Call &call) {
    Json reply{{"state", "stopped"}, {"addresses", Json::array()}};
    try {
        if (const auto identity = running(call)) reply.update(inspect_running(*identity, call));
    } catch (const Error &error) {
        let_cancellation_through(error);
        reply.update({{"state", "unknown"}, {"reason", error.what()}});
    }
    reply["console"] = (folder_ / layout::console).string();
    return support::json_out(reply);
}

Json QemuMachine::inspect_running(const Identity &identity, Call &call) const {
    Json reply{{"state", "running"}};
    if (identity.contains("pid")) reply["pid"] = identity["pid"];
    if (const auto run = read_run(folder_, identity)) {
        reply["ssh"] = {{"host", "127.0.0.1"}, {"port", run->ssh_port}};
    }
    try {
        const auto status = monitor_.status(Wait::of(call).within(milliseconds{250}));
        if (const char *reason = pause_reason(status)) {
            reply.update({{"state", "paused"}, {"reason", reason}});
            reply.erase("ssh");
        }
    } catch (const Error &error) {
        // The process runs; that its monitor talks to somebody else now, or not yet, is no news.
        let_cancellation_through(error);
    }
    return reply;
}

void QemuMachine::start(Call &call) {
    const auto identity = running(call);
    if (!identity) return launch(call);
    // Whoever started it may have been killed before that was recorded.
    if (!read_run(folder_, *identity)) {
        const auto accelerator =
            choose_acceleration(acceleration_facts(read_machine(folder_).arch));
        take_over(*identity, accelerator.accelerator, call);
    }
    monitor_.resume(Wait::of(call));
}

void QemuMachine::launch(Call &call) const {
    const MachineSpec spec = read_machine(folder_);
    const auto accelerator = choose_acceleration(acceleration_facts(spec.arch)).accelerator;
    const auto argv = command_line(spec, accelerator, find_firmware(spec));
    call.progress("starting QEMU");
    prepare_launch();
    Identity identity;
    try {
        identity = support::spawn(
            process_, {argv, folder_, folder_ / layout::log, folder_ / layout::process}, call);
    } catch (const Error &error) {
        if (error.status() != DAVIT_E_UNAVAILABLE) throw;
        throw missing_emulator(architecture(spec.arch));
    }
    try {
        call.progress("waiting for QEMU");
        take_over(identity, accelerator, call);
    } catch (const Error &) {
        support::end_at_once(process_, identity);
        forget_run(folder_);
        throw;
    }
}

void QemuMachine::prepare_launch() const {
    forget_run(folder_);
    support::remove_file(folder_ / layout::log);
    std::error_code absent;
    fs::rename(folder_ / layout::console, folder_ / layout::last_console, absent);
}

void QemuMachine::take_over(const Identity &identity, Accelerator accelerator, Call &call) const {
    try {
        await_monitor(identity, call);
        const auto port = monitor_.ssh_port(Wait::of(call));
        write_run(folder_, {identity, port, accelerator});
    } catch (const QmpClosed &closed) {
        throw launch_failure(closed.what(), accelerator);
    }
}

void QemuMachine::await_monitor(const Identity &identity, Call &call) const {
    while (true) {
        try {
            monitor_.status(Wait::of(call));
            return;
        } catch (const QmpClosed &) {
            // Not yet, or not any more. The pause between two attempts is a wait for QEMU's end.
            if (support::wait_gone(process_, identity, milliseconds{10}, call)) throw;
            if (call.expired()) {
                throw Error(DAVIT_E_TIMEOUT, "QEMU did not get ready in time",
                            "see " + (folder_ / layout::log).string());
            }
        }
    }
}

Error QemuMachine::launch_failure(const std::string &cause, Accelerator accelerator) const {
    const fs::path log = folder_ / layout::log;
    const std::string said = support::last_lines(log, 5);
    const std::string hint = accelerator == Accelerator::kvm
                                 ? "set DAVIT_QEMU_ACCEL=tcg to run without KVM"
                                 : "see " + log.string();
    return Error(DAVIT_E_FAILED, said.empty() ? cause : "QEMU could not start: " + said, hint);
}

void QemuMachine::stop(StopHow how, Call &call) {
    if (how == StopHow::force) {
        power_off(call);
    } else if (const auto identity = running(call)) {
        shut_down(*identity, call);
    }
    forget_run(folder_);
}

void QemuMachine::shut_down(const Identity &identity, Call &call) const {
    // Early in its boot a guest does not listen yet, so the button is pushed again and again.
    constexpr seconds between_pushes{2};
    while (true) {
        call.progress("waiting for the guest to shut down");
        push_power_button(call);
        if (support::wait_gone(process_, identity, between_pushes, call)) return;
        if (call.expired()) {
            throw Error(DAVIT_E_TIMEOUT, "the guest did not shut down in time",
                        "wait longer, or stop it by force");
        }
    }
}

void QemuMachine::push_power_button(Call &call) const {
    try {
        monitor_.push_power_button(Wait::of(call).within(seconds{2}));
    } catch (const Error &error) {
        // A QEMU that is busy gets the next push; one that ended needs none.
        let_cancellation_through(error);
    }
}

void QemuMachine::power_off(Call &call) const {
    std::optional<Identity> identity;
    try {
        identity = running(call);
    } catch (const Error &error) {
        let_cancellation_through(error);
        return quit_unidentified(call);
    }
    if (!identity) return;
    try {
        // QEMU's own way out leaves a disk without leaks.
        monitor_.quit(Wait::of(call).within(seconds{2}));
        if (support::wait_gone(process_, *identity, seconds{5}, call)) return;
    } catch (const Error &error) {
        let_cancellation_through(error);
    }
    process_.kill(support::json_out(*identity), call);
}

// A QEMU whose identity cannot be read any more still hears its monitor, and is gone when nobody
// listens there.
void QemuMachine::quit_unidentified(Call &call) const {
    try {
        while (true) monitor_.quit(Wait::of(call).within(seconds{2}));
    } catch (const QmpClosed &) {
    }
}

void QemuMachine::remove(Call &call) {
    power_off(call);
    if (!fs::exists(folder_)) return;
    // machine.json goes last: as long as it is there, this can be called again.
    for (const auto &entry : fs::directory_iterator(folder_)) {
        if (entry.path().filename() != layout::machine) fs::remove_all(entry.path());
    }
    support::remove_file(folder_ / layout::machine);
}

}  // namespace davit::qemu
