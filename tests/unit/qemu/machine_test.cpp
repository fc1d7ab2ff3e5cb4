// SPDX-License-Identifier: Apache-2.0
// The life of machines of the real plugin, with a real QEMU and guests of a few instructions.
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>

#include "qemu/qmp.hpp"
#include "workbench.hpp"

namespace davit::qemu::test {
namespace {

using QemuMachine = Workbench;

int port_of(const Json &inspected) {
    return inspected.at("ssh").at("port").get<int>();
}

std::size_t entries(const fs::path &folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_F(QemuMachine, IsStoppedUntilItIsStarted) {
    const auto machine = this->machine(machine_folder("m"), halting_guest());
    const Json inspected = machine->inspect(call());
    EXPECT_EQ(inspected["state"], "stopped");
    EXPECT_FALSE(inspected.contains("ssh"));
}

TEST_F(QemuMachine, RunsWithAPortForSshAndAConsole) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    const Json inspected = machine->inspect(call());
    EXPECT_EQ(inspected["state"], "running");
    EXPECT_EQ(inspected["ssh"]["host"], "127.0.0.1");
    EXPECT_GT(port_of(inspected), 0);
    EXPECT_EQ(inspected["console"], (folder / "console.log").string());
    EXPECT_TRUE(process_runs(inspected["pid"].get<int>()));
}

TEST_F(QemuMachine, ShowsWhatTheFirmwareSaysOnItsConsole) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, BootSector(512));
    machine->start(call());
    EXPECT_TRUE(eventually([&] {
        std::ifstream console{folder / "console.log"};
        const std::string text{std::istreambuf_iterator<char>(console), {}};
        return text.find("No bootable device") != std::string::npos;
    }));
}

TEST_F(QemuMachine, StaysTheSameWhenItIsStartedTwice) {
    const auto machine = this->machine(machine_folder("m"), halting_guest());
    machine->start(call());
    const Json first = machine->inspect(call());
    machine->start(call());
    EXPECT_EQ(machine->inspect(call()), first);
}

TEST_F(QemuMachine, IsTheSameForAnotherHandle) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    EXPECT_EQ(driver().open(folder, call())->inspect(call()), machine->inspect(call()));
}

TEST_F(QemuMachine, StopsByForceAndStartsAgainWithItsOldConsoleKept) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    const int pid = machine->inspect(call())["pid"].get<int>();
    machine->stop(StopHow::force, call());
    EXPECT_FALSE(process_runs(pid));
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
    machine->stop(StopHow::force, call());
    machine->start(call());
    EXPECT_EQ(machine->inspect(call())["state"], "running");
    EXPECT_TRUE(fs::exists(folder / "console.log.1"));
}

TEST_F(QemuMachine, ShutsDownWhenItsGuestHearsTheButtonAtLast) {
    const auto machine = this->machine(machine_folder("m"), listening_guest());
    machine->start(call());
    // The first push comes while the firmware still runs, which does not listen.
    machine->stop(StopHow::graceful, call());
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
}

TEST_F(QemuMachine, GoesOnRunningWhenItsGuestIsDeaf) {
    const auto machine = this->machine(machine_folder("m"), halting_guest());
    machine->start(call());
    EXPECT_EQ(failure([&] { machine->stop(StopHow::graceful, call(Milliseconds{500})); }),
              "driver-timeout");
    EXPECT_EQ(machine->inspect(call())["state"], "running");
}

TEST_F(QemuMachine, GoesOnRunningWhenTheUserGivesUpWaiting) {
    const auto machine = this->machine(machine_folder("m"), halting_guest());
    machine->start(call());
    progress.on_step = [&](const std::string &) { cancel.request(); };
    EXPECT_EQ(failure([&] { machine->stop(StopHow::graceful, call()); }), "interrupted");
    const Cancel again;
    const CallOptions anew{host::Deadline::never(), again, progress};
    EXPECT_EQ(machine->inspect(anew)["state"], "running");
}

TEST_F(QemuMachine, LeavesNothingWhenTheUserGivesUpItsStart) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    const std::size_t before = entries(folder);
    int pid = 0;
    progress.on_step = [&](const std::string &phase) {
        if (phase != "waiting for QEMU") return;
        pid = Json::parse(std::ifstream(folder / "process.json"))["pid"].get<int>();
        cancel.request();
    };
    EXPECT_EQ(failure([&] { machine->start(call()); }), "interrupted");
    ASSERT_NE(pid, 0);
    EXPECT_FALSE(process_runs(pid));
    EXPECT_LE(entries(folder), before + 2);  // the logs of QEMU and of the console may stay
    const Cancel again;
    EXPECT_EQ(machine->inspect({host::Deadline::never(), again, progress})["state"], "stopped");
}

TEST_F(QemuMachine, IsStoppedWhenItsQemuWasKilledAndStartsAgain) {
    const auto machine = this->machine(machine_folder("m"), halting_guest());
    machine->start(call());
    const int pid = machine->inspect(call())["pid"].get<int>();
    kill(pid, SIGKILL);
    EXPECT_TRUE(eventually([&] { return !process_runs(pid); }));
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
    machine->start(call());
    EXPECT_EQ(machine->inspect(call())["state"], "running");
}

TEST_F(QemuMachine, IsNotConfusedByWhatACrashOfTheComputerLeft) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    // This very process, but of another boot; and a socket that nobody listens on.
    const Json stale{
        {"pid", getpid()}, {"start", 1}, {"boot", "00000000-0000-4000-8000-000000000000"}};
    std::ofstream(folder / "process.json") << stale;
    std::ofstream(folder / "run.json")
        << Json{{"format", 1}, {"process", stale}, {"ssh_port", 9}, {"accelerator", "tcg"}};
    std::ofstream(folder / "qmp.sock") << "";
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
    machine->stop(StopHow::force, call());
    EXPECT_TRUE(process_runs(getpid()));
    machine->start(call());
    EXPECT_NE(port_of(machine->inspect(call())), 9);
}

TEST_F(QemuMachine, IsTakenOverWhereTheStarterWasKilledBeforeItWroteDownThePort) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    const Json before = machine->inspect(call());
    fs::remove(folder / "run.json");
    EXPECT_FALSE(machine->inspect(call()).contains("ssh"));
    machine->start(call());
    EXPECT_EQ(machine->inspect(call()), before);
}

TEST_F(QemuMachine, IsNotReachedAtThePortOfAnEarlierRun) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    Json run = Json::parse(std::ifstream(folder / "run.json"));
    run["process"]["start"] = 1;
    std::ofstream(folder / "run.json") << run;
    EXPECT_FALSE(machine->inspect(call()).contains("ssh"));
}

TEST_F(QemuMachine, RunsInAFolderWhosePathIsTooLongForASocket) {
    const fs::path folder = machine_folder("m", 200);
    ASSERT_GE(folder.native().size(), 200U);
    const auto machine = this->machine(folder, listening_guest());
    machine->start(call());
    EXPECT_EQ(machine->inspect(call())["state"], "running");
    machine->stop(StopHow::graceful, call());
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
}

TEST_F(QemuMachine, SaysWhatQemuSaidWhenItDoesNotStart) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    fs::remove(home / "image.raw");
    try {
        machine->start(call());
        FAIL() << "it runs without its image";
    } catch (const host::Error &error) {
        EXPECT_EQ(error.id(), "driver-failed");
        EXPECT_NE(error.message().find("image.raw"), std::string::npos) << error.message();
        EXPECT_NE(error.hint().find("qemu.log"), std::string::npos) << error.hint();
    }
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
}

TEST_F(QemuMachine, WithADamagedRecordDoesNotStartButIsRemoved) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    std::ofstream(folder / "machine.json") << "{";
    EXPECT_EQ(failure([&] { machine->start(call()); }), "driver-failed");
    EXPECT_TRUE(fs::exists(folder / "machine.json"));
    machine->remove(call());
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(QemuMachine, OfANewerBuildIsNotStarted) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    std::ofstream(folder / "machine.json") << R"({"format": 2})";
    EXPECT_EQ(failure([&] { machine->start(call()); }), "driver-unsupported");
}

TEST_F(QemuMachine, IsUnknownWhereTheIdentityOfItsProcessCannotBeRead) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    std::ofstream(folder / "process.json") << "{";
    const Json inspected = machine->inspect(call());
    EXPECT_EQ(inspected["state"], "unknown");
    EXPECT_NE(inspected["reason"].get<std::string>().find("process.json"), std::string::npos);
}

TEST_F(QemuMachine, IsPoweredOffThoughTheIdentityOfItsProcessWasLost) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    const int pid = machine->inspect(call())["pid"].get<int>();
    std::ofstream(folder / "process.json") << "{";
    machine->stop(StopHow::force, call());
    EXPECT_TRUE(eventually([&] { return !process_runs(pid); }));
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
}

TEST_F(QemuMachine, ThatWasPausedSaysSoAndGoesOnWhenItIsStarted) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    const Wait patient = Wait::at_most(std::chrono::minutes{1});
    Qmp::connect(folder, "qmp.sock", patient).execute("stop", patient);
    const Json inspected = machine->inspect(call());
    EXPECT_EQ(inspected["state"], "paused");
    EXPECT_EQ(inspected["reason"], "it was paused");
    machine->start(call());
    EXPECT_EQ(machine->inspect(call())["state"], "running");
}

TEST_F(QemuMachine, ThatWasPausedShutsDownGracefully) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, listening_guest());
    machine->start(call());
    const Wait patient = Wait::at_most(std::chrono::minutes{1});
    Qmp::connect(folder, "qmp.sock", patient).execute("stop", patient);
    machine->stop(StopHow::graceful, call());
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
}

TEST_F(QemuMachine, IsInspectedWhileSomebodyElseTalksToItsQemu) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    const Qmp other = Qmp::connect(folder, "qmp.sock", Wait::at_most(std::chrono::minutes{1}));
    EXPECT_EQ(machine->inspect(call())["state"], "running");
}

TEST_F(QemuMachine, IsPausedByAFullDiskAndGoesOnOnceThereIsSpace) {
    const fs::path folder = machine_folder("m");
    const fs::path image = this->image(writing_guest());
    enum { as_it_should, never_paused, wrong_reason, not_resumed };
    const auto result = on_small_disk(folder, "1m", [&] {
        driver().create(folder, spec(image), call());
        const auto machine = driver().open(folder, call());
        const auto state = [&] { return machine->inspect(call())["state"]; };
        machine->start(call());
        if (!eventually([&] { return state() == "paused"; })) return never_paused;
        const auto reason = machine->inspect(call())["reason"].get<std::string>();
        if (reason.find("disk is full") == std::string::npos) return wrong_reason;
        resize_disk(folder, "64m");
        machine->start(call());
        return state() == "running" ? as_it_should : not_resumed;
    });
    if (!result) GTEST_SKIP() << "this user can mount nothing";
    EXPECT_EQ(*result, as_it_should);
}

TEST_F(QemuMachine, IsRemovedWhileItRunsAndMoreThanOnce) {
    const fs::path folder = machine_folder("m");
    const auto machine = this->machine(folder, halting_guest());
    machine->start(call());
    const int pid = machine->inspect(call())["pid"].get<int>();
    machine->remove(call());
    EXPECT_FALSE(process_runs(pid));
    EXPECT_TRUE(fs::is_empty(folder));
    machine->remove(call());
    fs::remove(folder);
    machine->remove(call());
    EXPECT_EQ(failure([&] { driver().open(folder, call()); }), "driver-not-found");
}

}  // namespace
}  // namespace davit::qemu::test
