// SPDX-License-Identifier: Apache-2.0
// A real guest on the driver that davit picks here: one is booted, and every test uses it.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "base/files.hpp"
#include "support/davit.hpp"

namespace davit::test {
namespace {

using host::Json;

const host::Cancel nobody;
constexpr const char *slow = "1800";  // seconds; a deadline, not an expectation

class Guest : public ::testing::Test {
 protected:
    static void SetUpTestSuite() {
        davit = std::make_unique<Davit>();
        host::write_file(davit->folder() / "user-data",
                         "#cloud-config\n"
                         "write_files:\n  - {path: /etc/from-user-data, content: kept}\n"
                         "runcmd:\n  - [touch, /run/user-data-ran]\n"
                         "users:\n  - default\n  - {name: another}\n");
        launched = davit->run({"launch", "debian", "--name", "guest", "--cpus", "2", "--disk", "6G",
                               "--cloud-init", (davit->folder() / "user-data").string(),
                               "--timeout", slow});
    }
    static void TearDownTestSuite() { davit.reset(); }

    void SetUp() override { ASSERT_EQ(launched.status, 0) << launched.errors; }

    static Outcome run(const std::vector<std::string> &words, const std::string &input = {}) {
        return davit->run(words, input);
    }
    static Outcome in_guest(const std::string &script, const std::string &input = {}) {
        return davit->run({"exec", "guest", "--", "sh", "-c", script}, input);
    }
    static Json info() {
        return run({"info", "guest", "--no-runtime-information", "--format", "json"})
            .json()["info"]["guest"];
    }
    static std::string state() { return info()["state"]; }
    static void start() {
        const Outcome started = run({"start", "guest", "--timeout", slow});
        ASSERT_EQ(started.status, 0) << started.errors;
    }

    static std::unique_ptr<Davit> davit;
    static Outcome launched;
};

std::unique_ptr<Davit> Guest::davit;
Outcome Guest::launched;

TEST_F(Guest, SaysItWasLaunchedAndWarnsOfNothing) {
    EXPECT_EQ(launched.output, "Launched: guest\n");
    EXPECT_EQ(launched.errors.find("warning:"), std::string::npos) << launched.errors;
}

TEST_F(Guest, IsAnotherComputerWithTheNameItWasGiven) {
    EXPECT_EQ(in_guest("hostname").output, "guest\n");
    EXPECT_NE(in_guest("cat /proc/sys/kernel/random/boot_id").output,
              host::ProcessIdentity::self().boot + "\n");
    EXPECT_EQ(in_guest("nproc").output, "2\n");
}

TEST_F(Guest, HasTheInvokingUsersIdAndSudo) {
    const std::string uid = std::to_string(::getuid() == 0 ? 1000 : ::getuid());
    EXPECT_EQ(in_guest("id -un; id -u").output, "davit\n" + uid + "\n");
    EXPECT_EQ(in_guest("sudo -n id -u").output, "0\n");
}

TEST_F(Guest, ObeysTheUsersCloudInitDocument) {
    EXPECT_EQ(in_guest("cat /etc/from-user-data").output, "kept");
    EXPECT_EQ(in_guest("test -e /run/user-data-ran && id -un another").output, "another\n");
}

TEST_F(Guest, GrewItsRootFileSystemToTheDisk) {
    const Outcome size = in_guest("df --output=size -B1M / | tail -1");
    EXPECT_GT(std::stoi(size.output), 5000) << size.output;
}

TEST_F(Guest, HasWhatMountsWillNeed) {
    EXPECT_EQ(in_guest("command -v sshfs mount.cifs >/dev/null && echo yes").output, "yes\n");
    EXPECT_EQ(in_guest("sudo modprobe -a 9p 9pnet_virtio virtiofs fuse && echo yes").output,
              "yes\n");
}

TEST_F(Guest, PassesInputOutputErrorsAndStatus) {
    EXPECT_EQ(in_guest("exit 42").status, 42);
    EXPECT_EQ(in_guest("kill -KILL $$").status, 128 + SIGKILL);
    EXPECT_EQ(in_guest("cat", "line\n").output, "line\n");
    const Outcome both = in_guest("echo out; echo err >&2");
    EXPECT_EQ(both.output, "out\n");
    EXPECT_EQ(both.errors, "err\n");
    const std::string big(std::size_t{4} << 20, 'x');
    EXPECT_EQ(in_guest("cat", big).output, big);
}

TEST_F(Guest, TellsWhatItUses) {
    const Outcome outcome = run({"info", "guest", "--format", "json"});
    const Json told = outcome.json()["info"]["guest"];
    EXPECT_EQ(told["state"], "Running");
    EXPECT_EQ(told["cpu_count"], 2);
    EXPECT_GT(told["memory"]["total"].get<std::uint64_t>(), std::uint64_t{800} << 20);
    EXPECT_GT(told["disks"]["root"]["used"].get<std::uint64_t>(), 0U);
    EXPECT_EQ(told["load"].size(), 3U);
    EXPECT_NE(told["release"].get<std::string>().find("Debian"), std::string::npos);
}

TEST_F(Guest, KeepsItsConsoleInAFile) {
    const std::string console = info()["console"];
    const auto text = host::read_file(console, std::size_t{16} << 20);
    ASSERT_TRUE(text);
    EXPECT_FALSE(text->empty());
}

TEST_F(Guest, KeepsItsFilesAndIdentityOverStopAndStart) {
    ASSERT_EQ(in_guest("echo kept > ~/file && sync").status, 0);
    const std::string machine_id = in_guest("cat /etc/machine-id").output;
    ASSERT_EQ(run({"stop", "guest"}).status, 0);
    EXPECT_EQ(state(), "Stopped");
    EXPECT_TRUE(info()["ssh"].is_null());
    start();
    EXPECT_EQ(in_guest("cat ~/file /etc/machine-id").output, "kept\n" + machine_id);
}

TEST_F(Guest, ThatShutsItselfDownIsStopped) {
    in_guest("sudo systemctl poweroff");
    const auto deadline = host::Deadline::after(patience);
    while (state() != "Stopped") {
        ASSERT_FALSE(deadline.expired());
        host::wait_for(-1, 0, host::Deadline::after(std::chrono::milliseconds{200}), nobody);
    }
    start();
}

TEST_F(Guest, WhoseMachineIsKilledIsStoppedAndStartsAgain) {
    ASSERT_EQ(in_guest("echo survived > ~/file && sync").status, 0);
    // Wherever the driver keeps it: the identity of the process that it spawned.
    std::optional<std::string> record;
    for (const auto &entry :
         std::filesystem::recursive_directory_iterator{davit->home() / "scopes"}) {
        if (entry.path().filename() == "process.json") record = host::read_file(entry.path(), 4096);
    }
    ASSERT_TRUE(record);
    const auto machine = host::ProcessIdentity::from_json(host::json_in(*record, "process.json"));
    ASSERT_TRUE(host::signal_process(machine, SIGKILL));
    ASSERT_TRUE(host::wait_gone(machine, host::Deadline::after(patience), nobody));
    EXPECT_EQ(state(), "Stopped");
    start();
    EXPECT_EQ(in_guest("cat ~/file").output, "survived\n");
}

TEST_F(Guest, IsRecoveredAfterDelete) {
    ASSERT_EQ(run({"delete", "guest"}).status, 0);
    EXPECT_EQ(state(), "Deleted");
    const Outcome refused = run({"start", "guest"});
    EXPECT_NE(refused.errors.find("[instance-deleted]"), std::string::npos);
    ASSERT_EQ(run({"recover", "guest"}).status, 0);
    start();
    EXPECT_EQ(in_guest("echo back").output, "back\n");
}

// The same disk without its kernel beside it, as an image from elsewhere would be.
TEST(Machine, BootsThroughItsFirmwareWhereNoKernelIsGiven) {
    Davit davit;
    const char *store = std::getenv("DAVIT_IMAGES");
    ASSERT_NE(store, nullptr) << "run the tests with ./dev test";
    const Outcome listed = davit.run({"image", "list", "--format", "json"});
    std::string hash;
    const Json images = listed.json()["images"];
    for (const Json &image : images) {
        if (image["names"] == Json{"debian"}) hash = image["hash"];
    }
    ASSERT_FALSE(hash.empty()) << listed.output;
    const auto disk = std::filesystem::path{store} / "by-hash" / hash / "disk.qcow2";
    davit.environment["DAVIT_IMAGES"] = (davit.folder() / "images").string();
    const Outcome launched =
        davit.run({"launch", "file://" + disk.string(), "--name", "firmware", "--timeout", slow});
    ASSERT_EQ(launched.status, 0) << launched.errors;
    EXPECT_EQ(davit.run({"exec", "firmware", "hostname"}).output, "firmware\n");
}

// A disk with nothing on it: the firmware finds nothing to boot, and no guest ever answers.
TEST(Machine, WithoutAGuestIsKeptAtTheDeadlineAndDeletedOnRequest) {
    Davit davit;
    davit.environment["DAVIT_IMAGES"] = (davit.folder() / "images").string();
    const auto disk = davit.folder() / "empty.qcow2";
    host::run_program(
        {{"qemu-img", "create", "-q", "-f", "qcow2", disk.string(), "1G"}, {}, {}, ""},
        host::Deadline::after(patience), nobody);
    const Outcome launched =
        davit.run({"launch", "file://" + disk.string(), "--name", "void", "--timeout", "8"});
    EXPECT_EQ(launched.status, 5) << launched.errors;
    EXPECT_NE(launched.errors.find("[guest-timeout]"), std::string::npos) << launched.errors;
    EXPECT_EQ(davit.run({"list", "--format", "json"}).json()["list"][0]["state"], "Unknown");
    EXPECT_EQ(davit.run({"delete", "--purge", "void"}).status, 0);
    EXPECT_EQ(davit.run({"list"}).output, "No instances found.\n");
}

}  // namespace
}  // namespace davit::test
