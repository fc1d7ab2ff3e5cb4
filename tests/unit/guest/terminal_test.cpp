// SPDX-License-Identifier: Apache-2.0
// Commands and shells in a terminal.
#include <csignal>
#include <thread>

#include "unit/guest/matchers.hpp"
#include "unit/guest/relayed.hpp"

namespace davit::test {
namespace {

using Streams = Relayed::Streams;

class TerminalOf : public testing::Test {
 protected:
    void SetUp() override {
        const std::string reason = no_terminals();
        if (!reason.empty()) GTEST_SKIP() << reason;
    }

    SshServer server;
};

bool raw(const termios &mode) {
    return (mode.c_lflag & (ICANON | ECHO | ISIG)) == 0;
}

bool same(const termios &a, const termios &b) {
    return a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag && a.c_lflag == b.c_lflag &&
           a.c_cflag == b.c_cflag;
}

TEST_F(TerminalOf, TheGuestHasOurSizeAndType) {
    Relayed command{server, Streams::terminal, {"sh", "-c", "stty size; echo $TERM; exit 3"}};
    command.read_until("40 120\r\nvt220\r\n");
    EXPECT_EQ(command.wait(), 3);
}

TEST_F(TerminalOf, TheGuestIsToldEveryNewSize) {
    Relayed command{
        server,
        Streams::terminal,
        {"sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done"}};
    command.read_until("ready");
    command.resize(132, 50);
    command.read_until("50 132");
    command.resize(80, 24);
    command.read_until("24 80");
    command.type("\x03");
    EXPECT_EQ(command.wait(), 128 + SIGINT);
}

TEST_F(TerminalOf, KeysGoToTheGuest) {
    Relayed command{
        server,
        Streams::terminal,
        {"sh", "-c", "trap 'echo got; exit 9' INT; echo ready; while :; do sleep 0.1; done"}};
    command.read_until("ready");
    command.type("\x03");
    command.read_until("got");
    EXPECT_EQ(command.wait(), 9);
}

TEST_F(TerminalOf, IsRawOnlyMeanwhile) {
    Relayed command{server, Streams::terminal, {"sh", "-c", "echo ready; read line"}};
    const termios before = command.mode();
    command.read_until("ready");
    EXPECT_TRUE(raw(command.mode()));
    command.type("\r");
    EXPECT_EQ(command.wait(), 0);
    EXPECT_TRUE(same(command.mode(), before));
}

TEST_F(TerminalOf, IsRestoredWhenTheConnectionBreaks) {
    Relayed command{server, Streams::terminal, {"sh", "-c", "echo ready; sleep 1000"}};
    const termios before = command.mode();
    command.read_until("ready");
    server.signal_connections(SIGKILL);
    EXPECT_EQ(command.wait(), static_cast<int>(host::ExitCode::guest));
    EXPECT_TRUE(same(command.mode(), before));
}

TEST_F(TerminalOf, IsRestoredWhenASignalEndsUs) {
    for (const int number : {SIGTERM, SIGHUP}) {
        Relayed command{server, Streams::terminal, {"sh", "-c", "echo ready; sleep 1000"}};
        const termios before = command.mode();
        command.read_until("ready");
        command.signal(number);
        EXPECT_EQ(command.wait(), 128 + number);
        EXPECT_TRUE(same(command.mode(), before));
    }
}

TEST_F(TerminalOf, IsRawAgainAfterAPause) {
    Relayed command{server, Streams::terminal, {"cat"}};
    const termios before = command.mode();
    command.type("x\r");
    command.read_until("x\r\nx\r\n");
    command.signal(SIGSTOP);
    command.restore(before);
    command.signal(SIGCONT);
    while (!raw(command.mode())) std::this_thread::yield();
    command.type("\x04");
    EXPECT_EQ(command.wait(), 0);
}

TEST_F(TerminalOf, AnInterruptFromElsewhereIsAKeyToo) {
    Relayed command{
        server,
        Streams::terminal,
        {"sh", "-c", "trap 'echo got; exit 4' INT; echo ready; while :; do sleep 0.1; done"}};
    command.read_until("ready");
    command.signal(SIGINT);
    command.read_until("got");
    EXPECT_EQ(command.wait(), 4);
}

TEST_F(TerminalOf, AShellIsALoginShell) {
    Relayed shell{server, Streams::terminal, {}};
    shell.type("echo name=$0; exit 3\r");
    shell.read_until("name=-");
    EXPECT_EQ(shell.wait(), 3);
}

}  // namespace
}  // namespace davit::test
