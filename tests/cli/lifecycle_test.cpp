// SPDX-License-Identifier: Apache-2.0
// Tests of an instance's life, from launch to purge.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "cli/scripted_home.hpp"

namespace davit::test {
namespace {

using host::Json;

class Lifecycle : public ScriptedHome {};

TEST_F(Lifecycle, GoesFromLaunchToPurge) {
    EXPECT_EQ(run({"list"}).output, "No instances found.\n");
    launch("web");
    EXPECT_EQ(state_of("web"), "Running");
    EXPECT_EQ(run({"exec", "web", "--", "echo", "hello"}).output, "hello\n");
    EXPECT_EQ(run({"stop", "web"}).status, 0);
    EXPECT_EQ(state_of("web"), "Stopped");
    EXPECT_EQ(run({"start", "web"}).status, 0);
    EXPECT_EQ(state_of("web"), "Running");
    EXPECT_EQ(run({"restart", "web"}).status, 0);
    EXPECT_EQ(state_of("web"), "Running");
    EXPECT_EQ(run({"delete", "web"}).status, 0);
    EXPECT_EQ(state_of("web"), "Deleted");
    EXPECT_EQ(run({"recover", "web"}).status, 0);
    EXPECT_EQ(state_of("web"), "Stopped");
    EXPECT_EQ(run({"delete", "web"}).status, 0);
    EXPECT_EQ(run({"purge"}).status, 0);
    EXPECT_EQ(state_of("web"), "");
    EXPECT_TRUE(std::filesystem::is_empty(instance_folder("web").parent_path()) ||
                !std::filesystem::exists(instance_folder("web")));
}

TEST_F(Lifecycle, MakesUpANameThatFollowsTheRule) {
    const Outcome launched = run({"launch", "tiny"});
    ASSERT_EQ(launched.status, 0) << launched.errors;
    ASSERT_TRUE(launched.output.starts_with("Launched: "));
    const std::string name = launched.output.substr(10, launched.output.size() - 11);
    EXPECT_THAT(name, ::testing::MatchesRegex("[a-z]+-[a-z]+"));
    EXPECT_EQ(state_of(name), "Running");
}

TEST_F(Lifecycle, RefusesANameThatIsTaken) {
    launch("web");
    for (const bool deleted : {false, true}) {
        if (deleted) run({"delete", "web"});
        const Outcome again = run({"launch", "tiny", "--name", "web"});
        EXPECT_EQ(again.status, 2);
        EXPECT_NE(again.errors.find("[instance-exists]"), std::string::npos) << again.errors;
    }
    EXPECT_EQ(state_of("web"), "Deleted");
}

TEST_F(Lifecycle, AnswersListAsTypedJson) {
    launch("web");
    const Json list = run({"list", "--format", "json"}).json()["list"];
    ASSERT_EQ(list.size(), 1U);
    EXPECT_EQ(list[0]["name"], "web");
    EXPECT_EQ(list[0]["driver"], "scripted");
    EXPECT_TRUE(list[0]["ipv4"].is_array());
    EXPECT_TRUE(list[0]["release"].is_string());
    const Json info = run({"info", "web", "--format", "json"}).json()["info"]["web"];
    EXPECT_EQ(info["cpu_count"], 1);
    EXPECT_EQ(info["memory_size"], std::uint64_t{1} << 30);
    EXPECT_TRUE(info["memory"]["total"].is_number_unsigned());
    EXPECT_EQ(info["load"].size(), 3U);
    EXPECT_EQ(run({"list", "--format", "csv"}).output.substr(0, 43),
              "Name,State,IPv4,Release,AllIPv4,Driver\nweb,");
    EXPECT_TRUE(run({"list", "--format", "yaml"}).output.starts_with("list:\n  - "));
}

TEST_F(Lifecycle, RecordsNothingForOthersToRead) {
    launch("web");
    for (const auto &entry : std::filesystem::recursive_directory_iterator{davit.home()}) {
        if (entry.is_directory() && entry.path().parent_path() == davit.home()) continue;
        if (entry.path().filename() == "id_ed25519" || entry.path().filename() == "seed.iso") {
            EXPECT_EQ(entry.status().permissions() & std::filesystem::perms{0077},
                      std::filesystem::perms::none)
                << entry.path();
        }
    }
    EXPECT_EQ(std::filesystem::status(davit.home()).permissions(), std::filesystem::perms{0700});
}

TEST_F(Lifecycle, PassesExitStatusInputAndOutputsOfExec) {
    launch("web");
    EXPECT_EQ(run({"exec", "web", "--", "sh", "-c", "exit 42"}).status, 42);
    EXPECT_EQ(run({"exec", "web", "--", "cat"}, "some\ninput").output, "some\ninput");
    const Outcome both = run({"exec", "web", "--", "sh", "-c", "echo out; echo err >&2"});
    EXPECT_EQ(both.output, "out\n");
    EXPECT_EQ(both.errors, "err\n");
    EXPECT_EQ(run({"exec", "web", "--", "printf", "%s|", "a b", "$HOME", "'\"`", ""}).output,
              "a b|$HOME|'\"`||");
    EXPECT_EQ(run({"exec", "-d", "/", "web", "pwd"}).output, "/\n");
    EXPECT_EQ(run({"exec", "web", "ls", "--help"}).status, 0)
        << "options behind the command are its own";
    EXPECT_EQ(run({"exec", "web", "davit-no-such-command"}).status, 127);
}

TEST_F(Lifecycle, StartsAStoppedInstanceForExec) {
    launch("web");
    run({"stop", "web"});
    EXPECT_EQ(run({"exec", "web", "echo", "up"}).output, "up\n");
    EXPECT_EQ(state_of("web"), "Running");
}

TEST_F(Lifecycle, WorksOnSeveralAndOnAll) {
    launch("a");
    launch("b");
    EXPECT_EQ(run({"stop", "--all"}).status, 0);
    EXPECT_EQ(state_of("a") + state_of("b"), "StoppedStopped");
    EXPECT_EQ(run({"start", "a", "b", "a"}).status, 0);
    EXPECT_EQ(state_of("a") + state_of("b"), "RunningRunning");
    const Outcome missing = run({"stop", "a", "nobody", "b"});
    EXPECT_EQ(missing.status, 2);
    EXPECT_EQ(state_of("a") + state_of("b"), "RunningRunning")
        << "nothing is done before all are known";
    EXPECT_EQ(run({"delete", "--all"}).status, 0);
    EXPECT_EQ(run({"recover", "--all"}).status, 0);
    EXPECT_EQ(state_of("a") + state_of("b"), "StoppedStopped");
    EXPECT_EQ(run({"delete", "--all", "--purge"}).status, 0);
    EXPECT_EQ(run({"list"}).output, "No instances found.\n");
}

TEST_F(Lifecycle, StopsLaterAndCancelsThat) {
    launch("web");
    ASSERT_EQ(run({"stop", "web", "--time", "1000"}).status, 0);
    EXPECT_EQ(state_of("web"), "Delayed Shutdown");
    ASSERT_EQ(run({"stop", "web", "--cancel"}).status, 0);
    EXPECT_EQ(state_of("web"), "Running");
    ASSERT_EQ(run({"stop", "web", "--time", "+1000"}).status, 0);
    EXPECT_EQ(run({"stop", "web"}).status, 0);
    EXPECT_EQ(state_of("web"), "Stopped");
    EXPECT_FALSE(std::filesystem::exists(instance_folder("web") / "delayed-stop.json"));
}

TEST_F(Lifecycle, TheProcessThatStopsLaterStops) {
    launch("web");
    EXPECT_EQ(run({"__delayed-stop", "web", "0"}).status, 0);
    EXPECT_EQ(state_of("web"), "Stopped");
}

TEST_F(Lifecycle, SeesAMachineThatDiedBehindItsBack) {
    launch("web");
    const auto machine =
        run({"info", "web", "--no-runtime-information", "--format", "json"}).json();
    script({{"machine", {{"exit_after_ms", 0}}}});
    ASSERT_EQ(run({"stop", "--force", "web"}).status, 0);
    ASSERT_EQ(run({"stop", "web"}).status, 0) << "stopping twice is no error";
    script(Json::object());
    EXPECT_EQ(run({"start", "web"}).status, 0);
}

TEST_F(Lifecycle, LaunchesAFileWithoutImportingItByName) {
    const auto disk = davit.folder() / "tiny.qcow2";
    const Outcome launched = run({"launch", "file://" + disk.string(), "--name", "web"});
    EXPECT_EQ(launched.status, 0) << launched.errors;
    EXPECT_EQ(state_of("web"), "Running");
}

TEST_F(Lifecycle, KeepsInstancesWhoseImageIsRemoved) {
    launch("web");
    ASSERT_EQ(run({"image", "remove", "tiny"}).status, 0);
    EXPECT_EQ(run({"restart", "web"}).status, 0);
    EXPECT_FALSE(std::filesystem::is_empty(instance_folder("web") / "image"));
}

TEST_F(Lifecycle, TellsWithWhichDriverAMissingInstanceIs) {
    launch("web");
    const Davit &same_home = davit;
    host::Program program{{Davit::program().string(), "--plugin-dir", test_plugins(), "--driver",
                           "scripted-other", "stop", "web"},
                          {{"DAVIT_HOME", same_home.home().string()}},
                          {},
                          ""};
    const host::Cancel nobody;
    const auto result = host::run_program(program, host::Deadline::after(patience), nobody);
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.errors.find("davit --driver scripted "), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace davit::test
