// SPDX-License-Identifier: Apache-2.0
// A folder of its own for each test, the real plugin, and specs of small machines in it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/wait.hpp"
#include "plugins/driver.hpp"

namespace davit::qemu::test {

namespace fs = std::filesystem;
using host::CallOptions;
using host::Cancel;
using host::Driver;
using host::Json;
using host::Machine;
using host::Milliseconds;
using host::StopHow;

// Calls back with each phase.
class WatchedProgress : public host::Progress {
 public:
    std::function<void(const std::string &phase)> on_step = [](const std::string &) {};
    void step(const std::string &phase, std::uint64_t, std::uint64_t) override { on_step(phase); }
    void note(const std::string &) override {}
    void done() override {}
};

// What a machine's first disk holds: 512 bytes that the firmware loads and runs.
using BootSector = std::vector<unsigned char>;
BootSector halting_guest();    // halts for ever, deaf to the power button
BootSector writing_guest();    // fills its disk, then halts
BootSector listening_guest();  // powers off when the button is pushed

class Workbench : public testing::Test {
 protected:
    void SetUp() override;
    // Ends every machine that was made, then deletes the folder.
    void TearDown() override;

    Driver &driver();

    // A folder below the test's own, `length` bytes long at least.
    fs::path machine_folder(const std::string &name, std::size_t length = 0);
    // A raw image of 1 MiB.
    fs::path image(const BootSector &sector = halting_guest());
    Json spec(const fs::path &image_path, const std::string &format = "raw") const;
    // Made and opened, not started.
    std::unique_ptr<Machine> machine(const fs::path &folder, const BootSector &sector);

    // A call without haste.
    CallOptions call() { return call(std::chrono::seconds{120}); }
    CallOptions call(Milliseconds most) { return {host::Deadline::after(most), cancel, progress}; }

    // The id of the error that `work` throws, or "".
    static std::string failure(const std::function<void()> &work);

    // Waits for `condition` as long as a loaded computer may need.
    static bool eventually(const std::function<bool()> &condition);

    static bool process_runs(int pid);

    // Runs `body` in a child process that sees a disk of `size` at `folder`, and returns what it
    // returns; nullopt where this computer lets its user mount nothing.
    std::optional<int> on_small_disk(const fs::path &folder, const std::string &size,
                                     const std::function<int()> &body);
    // Within such a child: makes that disk larger.
    static bool resize_disk(const fs::path &folder, const std::string &size);

    fs::path home;
    Cancel cancel;
    WatchedProgress progress;

 private:
    void remove_machine(const fs::path &folder);

    std::vector<fs::path> folders_;
};

// Runs a tool; fails the test if it fails. Returns what it printed.
std::string run(const std::vector<std::string> &argv);

}  // namespace davit::qemu::test
