// SPDX-License-Identifier: Apache-2.0
// Captured commands: what goes in, what comes out, how it ends.
#include <csignal>
#include <thread>

#include "unit/guest/matchers.hpp"

namespace davit::test {
namespace {

using host::Cancel;
using host::Deadline;
using host::ExitCode;

class Run : public testing::Test {
 protected:
    host::GuestResult run(std::vector<std::string> argv, const std::string &input = {}) {
        return test::run(*session, std::move(argv), input);
    }

    SshServer server;
    std::unique_ptr<host::GuestSession> session = connect(server);
};

TEST_F(Run, TellsTheExitStatus) {
    EXPECT_EQ(run({"true"}).status, 0);
    EXPECT_EQ(run({"sh", "-c", "exit 42"}).status, 42);
}

TEST_F(Run, KeepsOutputAndErrorsApart) {
    const auto result = run({"sh", "-c", "echo out; echo err >&2"});
    EXPECT_EQ(result.output, "out\n");
    EXPECT_EQ(result.errors, "err\n");
}

TEST_F(Run, NamesTheSignalThatEndedTheCommand) {
    const auto result = run({"sh", "-c", "kill -TERM $$"});
    EXPECT_EQ(result.signal, "TERM");
    EXPECT_EQ(result.status, 128 + SIGTERM);
}

TEST_F(Run, TellsThatAProgramIsMissing) {
    const auto result = run({"there-is-no-such-program"});
    EXPECT_EQ(result.status, 127);
    EXPECT_NE(result.errors.find("there-is-no-such-program"), std::string::npos);
}

TEST_F(Run, GivesTheInputAndItsEnd) {
    EXPECT_EQ(run({"wc", "-c"}, "12345").output, "5\n");
}

TEST_F(Run, GivesAnEmptyInput) {
    EXPECT_EQ(run({"wc", "-c"}).output, "0\n");
}

TEST_F(Run, CarriesMegabytesBothWays) {
    std::string input(std::size_t{8} << 20, 'x');
    for (std::size_t i = 0; i < input.size(); i += 511) input[i] = static_cast<char>(i);
    const auto result = run({"cat"}, input);
    EXPECT_TRUE(result.output == input);
    EXPECT_FALSE(result.cut);
}

TEST_F(Run, BoundsWhatItKeeps) {
    const auto result = run({"head", "-c", "20000000", "/dev/zero"});
    EXPECT_EQ(result.output.size(), std::size_t{16} << 20);
    EXPECT_TRUE(result.cut);
    EXPECT_EQ(result.status, 0);
}

TEST_F(Run, DoesNotWaitForInputThatNobodyReads) {
    EXPECT_EQ(run({"true"}, std::string(std::size_t{16} << 20, 'x')).status, 0);
}

TEST_F(Run, DoesNotStumbleOverUnreadErrors) {
    EXPECT_EQ(run({"sh", "-c", "head -c 3000000 /dev/zero >&2; echo done"}).output, "done\n");
}

TEST_F(Run, ServesMoreCommandsThanASessionMayHaveAtOnce) {
    for (int i = 0; i < 25; ++i) EXPECT_EQ(run({"echo", std::to_string(i)}).status, 0);
}

TEST_F(Run, EntersTheFolder) {
    const Cancel never;
    const auto result = session->run({{"pwd"}, "/usr/lib", {}}, "", patience(), never);
    EXPECT_EQ(result.output, "/usr/lib\n");
}

TEST_F(Run, SaysWhichFolderCannotBeEntered) {
    const Cancel never;
    const auto result = session->run({{"pwd"}, "/no/such 'folder'", {}}, "", patience(), never);
    EXPECT_EQ(result.status, 126);
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(result.errors, "davit: cannot enter the folder /no/such 'folder' in the guest\n");
}

TEST_F(Run, SetsTheEnvironment) {
    const Cancel never;
    const auto result =
        session->run({{"sh", "-c", "echo \"$GREETING\""}, "", {{"GREETING", "a 'b' $c"}}}, "",
                     patience(), never);
    EXPECT_EQ(result.output, "a 'b' $c\n");
}

TEST_F(Run, EndsAtTheDeadlineAndStaysUsable) {
    const Cancel never;
    EXPECT_EQ(error_id([&] {
                  session->run({{"sleep", "1000"}, {}, {}}, "", Deadline::after(200ms), never);
              }),
              "timeout");
    EXPECT_EQ(run({"true"}).status, 0);
}

TEST_F(Run, EndsWhenTheUserGivesUpAndStaysUsable) {
    Cancel cancel;
    std::thread user{[&] { cancel.request(); }};
    EXPECT_EQ(error_id([&] {
                  session->run({{"sleep", "1000"}, {}, {}}, "", patience(), cancel);
              }),
              "interrupted");
    user.join();
    EXPECT_EQ(run({"true"}).status, 0);
}

TEST_F(Run, NoticesThatTheConnectionBreaks) {
    std::thread breaker;
    const std::string marker = server.folder() / "started";
    breaker = std::thread{[&] {
        while (!std::filesystem::exists(marker)) std::this_thread::yield();
        server.signal_connections(SIGKILL);
    }};
    try {
        run({"sh", "-c", "> '" + marker + "'; sleep 1000"});
        ADD_FAILURE() << "the command did not fail";
    } catch (const host::Error &error) {
        EXPECT_EQ(error.id(), "guest-lost");
        EXPECT_EQ(error.code(), ExitCode::guest);
    }
    breaker.join();
}

TEST_F(Run, NoticesThatTheGuestKeepsSilent) {
    auto address = server.address();
    address.silence = 2s;
    const Cancel never;
    const auto impatient = host::guest_module().connect(address, patience(), never);
    EXPECT_EQ(test::run(*impatient, {"true"}).status, 0);
    server.signal_connections(SIGSTOP);
    EXPECT_EQ(error_id([&] { test::run(*impatient, {"true"}); }), "guest-lost");
}

TEST_F(Run, BearsAGuestThatIsBusyButAlive) {
    auto address = server.address();
    address.silence = 400ms;
    const Cancel never;
    const auto session_of_the_hasty = host::guest_module().connect(address, patience(), never);
    EXPECT_EQ(test::run(*session_of_the_hasty, {"sleep", "2"}).status, 0);
}

}  // namespace
}  // namespace davit::test
