// SPDX-License-Identifier: Apache-2.0
// Tests of programs and process identities.
#include "base/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "support/error_id.hpp"
#include "support/temporary_folder.hpp"

namespace davit::host {
namespace {

using test::error_id;

const Cancel nobody;
const std::chrono::seconds patience{60};

ProgramResult shell(const std::string &script, const std::string &input = "") {
    return run_program({{"sh", "-c", script}, {}, {}, input}, Deadline::after(patience), nobody);
}

TEST(Programs, GiveStatusAndOutputsApart) {
    const auto result = shell("echo out; echo err >&2; exit 3");
    EXPECT_EQ(result.status, 3);
    EXPECT_EQ(result.output, "out\n");
    EXPECT_EQ(result.errors, "err\n");
}

TEST(Programs, TellTheSignalThatEndedThem) {
    const auto result = shell("kill -TERM $$");
    EXPECT_EQ(result.signal, SIGTERM);
    EXPECT_EQ(result.status, 128 + SIGTERM);
}

TEST(Programs, TakeLargeInputWhileTheyWriteLargeOutput) {
    const std::string big(std::size_t{3} << 20, 'x');
    EXPECT_EQ(shell("cat", big).output, big);
}

TEST(Programs, MayLeaveTheirInputUnread) {
    EXPECT_EQ(shell("exit 0", std::string(std::size_t{1} << 20, 'x')).status, 0);
}

TEST(Programs, AreStoppedAtTheDeadlineWithTheirChildren) {
    const test::TemporaryFolder folder;
    const std::string pid_file = (folder.path() / "pid").string();
    EXPECT_EQ(error_id([&] {
                  run_program(
                      {{"sh", "-c", "sleep 1000 & echo $! > " + pid_file + "; wait"}, {}, {}, ""},
                      Deadline::after(std::chrono::seconds{2}), nobody);
              }),
              "timeout");
    const auto text = read_file(pid_file, 100);
    ASSERT_TRUE(text);
    EXPECT_TRUE(::kill(std::stoi(*text), 0) != 0 ||
                shell("ps -o stat= -p " + *text).output[0] == 'Z');
}

TEST(Programs, AreStoppedWhenTheUserGivesUp) {
    Cancel cancel;
    cancel.request();
    EXPECT_EQ(error_id([&] {
                  run_program({{"sleep", "1000"}, {}, {}, ""}, Deadline::never(), cancel);
              }),
              "interrupted");
}

TEST(Programs, ThatAreNotInstalledAreTold) {
    EXPECT_EQ(error_id([] {
                  run_program({{"davit-no-such-program"}, {}, {}, ""}, Deadline::never(), nobody);
              }),
              "program-missing");
}

TEST(Programs, SeeTheEnvironmentAndFolderTheyAreGiven) {
    const auto result =
        run_program({{"sh", "-c", "echo $DAVIT_TEST; pwd"}, {{"DAVIT_TEST", "a b"}}, "/", ""},
                    Deadline::after(patience), nobody);
    EXPECT_EQ(result.output, "a b\n/\n");
}

TEST(Programs, AreWatchedLineByLine) {
    std::vector<std::string> lines;
    run_program({{"sh", "-c", "echo one >&2; echo two >&2"}, {}, {}, ""}, Deadline::after(patience),
                nobody, [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_EQ(lines, (std::vector<std::string>{"one", "two"}));
}

TEST(Processes, AreKnownByMoreThanTheirPid) {
    const ProcessIdentity self = ProcessIdentity::self();
    EXPECT_TRUE(alive(self));
    ProcessIdentity other = self;
    other.start += 1;
    EXPECT_FALSE(alive(other)) << "a recycled pid";
    EXPECT_FALSE(signal_process(other, SIGKILL)) << "and it is never signalled";
    other = self;
    other.boot = "00000000-0000-0000-0000-000000000000";
    EXPECT_FALSE(alive(other)) << "another boot";
}

TEST(Processes, OutliveTheCallAndAreRecordedBeforeTheyBegin) {
    const test::TemporaryFolder folder;
    const fs::path identity = folder.path() / "identity.json";
    const auto process =
        spawn_program({{"sh", "-c", "cat " + identity.string() + "; exec sleep 1000"}, {}, {}, ""},
                      folder.path() / "log", identity);
    EXPECT_TRUE(alive(process));
    const auto recorded =
        ProcessIdentity::from_json(json_in(*read_file(identity, 4096), "identity"));
    EXPECT_EQ(recorded.pid, process.pid);
    EXPECT_EQ(recorded.start, process.start);
    EXPECT_FALSE(wait_gone(process, Deadline::after(Milliseconds{10}), nobody));
    EXPECT_TRUE(signal_process(process, SIGKILL));
    EXPECT_TRUE(wait_gone(process, Deadline::after(patience), nobody));
    EXPECT_FALSE(alive(process));
    EXPECT_NE(
        read_file(folder.path() / "log", 4096)->find("\"pid\":" + std::to_string(process.pid)),
        std::string::npos);
}

TEST(Processes, ThatCannotBeginLeaveNoIdentity) {
    const test::TemporaryFolder folder;
    const fs::path broken = folder.path() / "broken";
    write_file(broken, "#!/no/such/interpreter\n");
    fs::permissions(broken, fs::perms::owner_all);
    EXPECT_THROW(spawn_program({{broken.string()}, {}, {}, ""}, folder.path() / "log",
                               folder.path() / "identity.json"),
                 Error);
    EXPECT_FALSE(fs::exists(folder.path() / "identity.json"));
}

}  // namespace
}  // namespace davit::host
