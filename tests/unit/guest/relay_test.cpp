// SPDX-License-Identifier: Apache-2.0
// Commands that have the caller's pipes and signals.
#include <sys/resource.h>

#include <csignal>

#include "base/process.hpp"
#include "unit/guest/matchers.hpp"
#include "unit/guest/relayed.hpp"

namespace davit::test {
namespace {

class Relay : public testing::Test {
 protected:
    host::ProgramResult relay(const std::vector<std::string> &argv, const std::string &input = {}) {
        const host::Cancel never;
        return host::run_program({relay_line(server, argv), {}, {}, input}, patience(), never);
    }

    // Runs a shell script whose "$@" is the relay of `argv`.
    host::ProgramResult shell(const std::string &script, const std::vector<std::string> &argv) {
        auto line = relay_line(server, argv);
        line.insert(line.begin(), {"sh", "-c", script, "sh"});
        const host::Cancel never;
        return host::run_program({line, {}, server.folder(), {}}, patience(), never);
    }

    SshServer server;
};

// Says "ready", then "got" for each signal until somebody says otherwise.
const std::string says_got = "trap 'echo got' INT; echo ready; while :; do sleep 0.1; done";

TEST_F(Relay, ReturnsTheExitStatus) {
    EXPECT_EQ(relay({"sh", "-c", "exit 42"}).status, 42);
}

TEST_F(Relay, ReturnsTheSignalThatEndedTheCommand) {
    EXPECT_EQ(relay({"sh", "-c", "kill -KILL $$"}).status, 128 + SIGKILL);
}

TEST_F(Relay, KeepsOutputAndErrorsApart) {
    const auto result = relay({"sh", "-c", "echo out; echo err >&2"});
    EXPECT_EQ(result.output, "out\n");
    EXPECT_EQ(result.errors, "err\n");
}

TEST_F(Relay, PassesTheInputAndItsEnd) {
    EXPECT_EQ(relay({"wc", "-c"}, "12345").output, "5\n");
    EXPECT_EQ(relay({"wc", "-c"}).output, "0\n");
}

TEST_F(Relay, PassesManyMegabytesBothWays) {
    const auto result =
        shell("head -c 67108864 /dev/urandom >data && cat data | \"$@\" | cmp - data && echo same",
              {"cat"});
    EXPECT_EQ(result.output, "same\n") << result.errors;
}

TEST_F(Relay, PassesAFileBothWays) {
    const auto result = shell(
        "head -c 9999999 /dev/urandom >data && \"$@\" <data >copy && cmp copy data && echo same",
        {"cat"});
    EXPECT_EQ(result.output, "same\n") << result.errors;
}

TEST_F(Relay, PassesMuchOnBothOutputs) {
    const auto result = shell("{ \"$@\" | wc -c; } 2>errors; wc -c <errors",
                              {"sh", "-c",
                               "head -c 5000000 /dev/zero >&2 & head -c 5000001 "
                               "/dev/zero; wait"});
    EXPECT_EQ(result.output, "5000001\n5000000\n") << result.errors;
}

TEST_F(Relay, EndsThoughNobodyReadTheInput) {
    EXPECT_EQ(shell("yes | \"$@\"; echo $?", {"sh", "-c", "exit 5"}).output, "5\n");
}

TEST_F(Relay, EndsWhenNobodyReadsTheOutput) {
    EXPECT_EQ(shell("{ \"$@\"; echo $? >&2; } | head -c 2", {"yes"}).errors, "141\n");
}

TEST_F(Relay, BearsThatNobodyReadsTheErrors) {
    EXPECT_EQ(shell("exec 3>&1; { \"$@\" 2>&1 >&3; echo $? >&3; } | true",
                    {"sh", "-c", "head -c 3000000 /dev/zero >&2; echo done"})
                  .output,
              "done\n0\n");
}

TEST_F(Relay, SleepsWhileTheCommandDoes) {
    const auto cpu = [] {
        rusage used{};
        ::getrusage(RUSAGE_CHILDREN, &used);
        return std::chrono::seconds{used.ru_utime.tv_sec + used.ru_stime.tv_sec};
    };
    Relayed sleeper{server, Relayed::Streams::pipes, {"sh", "-c", "echo e >&2; sleep 4"}};
    const auto before = cpu();
    EXPECT_EQ(sleeper.wait(), 0);
    EXPECT_LT(cpu() - before, 2s);
}

TEST_F(Relay, TellsThatTheConnectionBroke) {
    Relayed command{server, Relayed::Streams::pipes, {"sh", "-c", "echo ready; sleep 1000"}};
    command.read_until("ready");
    server.signal_connections(SIGKILL);
    EXPECT_EQ(command.wait(), static_cast<int>(host::ExitCode::guest));
}

class RelaySignal : public Relay, public testing::WithParamInterface<const char *> {};

TEST_P(RelaySignal, IsPassedOn) {
    const std::string name = GetParam();
    Relayed command{
        server,
        Relayed::Streams::pipes,
        {"sh", "-c",
         "trap 'echo got; exit 7' " + name + "; echo ready; while :; do sleep 0.1; done"}};
    command.read_until("ready\n");
    command.signal(name == "INT"    ? SIGINT
                   : name == "TERM" ? SIGTERM
                   : name == "HUP"  ? SIGHUP
                                    : SIGQUIT);
    command.read_until("got\n");
    EXPECT_EQ(command.wait(), 7);
}

INSTANTIATE_TEST_SUITE_P(Each, RelaySignal, testing::Values("INT", "TERM", "HUP", "QUIT"),
                         [](const auto &instance) { return std::string{instance.param}; });

TEST_F(Relay, EndsACommandThatDoesNotHandleTheSignal) {
    Relayed command{server, Relayed::Streams::pipes, {"sh", "-c", "echo ready; exec sleep 1000"}};
    command.read_until("ready\n");
    command.signal(SIGINT);
    EXPECT_EQ(command.wait(), 128 + SIGINT);
}

TEST_F(Relay, GivesUpAtTheSecondSignal) {
    Relayed command{server, Relayed::Streams::pipes, {"sh", "-c", says_got}};
    command.read_until("ready\n");
    command.signal(SIGINT);
    command.read_until("got\n");
    command.signal(SIGINT);
    EXPECT_EQ(command.wait(), 128 + SIGINT);
}

TEST_F(Relay, LeavesAnIgnoredSignalIgnored) {
    // The relay is told to hang up as soon as it has begun; its caller had said that it shall not.
    const auto result = shell(
        "trap '' HUP; \"$@\" >out & until grep -q ready out; do :; done; kill -HUP $!; >go; wait "
        "$!",
        {"sh", "-c",
         "echo ready; until [ -e " + (server.folder() / "go").string() + " ]; do :; done; exit 6"});
    EXPECT_EQ(result.status, 6);
}

}  // namespace
}  // namespace davit::test
