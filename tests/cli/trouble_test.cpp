// SPDX-License-Identifier: Apache-2.0
// Tests of what goes wrong: every cause told, the right exit code, nothing lost, nothing left
// behind.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/scripted_home.hpp"

namespace davit::test {
namespace {

using host::Json;

const host::Cancel nobody;

class Trouble : public ScriptedHome {
 protected:
    // Nothing of an instance is left: no record, no folder, no process.
    void expect_nothing_left(const std::string &name) {
        EXPECT_EQ(state_of(name), "");
        EXPECT_FALSE(std::filesystem::exists(instance_folder(name)));
    }
    void await(const std::function<bool()> &condition) {
        const auto deadline = host::Deadline::after(patience);
        while (!condition()) {
            ASSERT_FALSE(deadline.expired());
            host::wait_for(-1, 0, host::Deadline::after(std::chrono::milliseconds{10}), nobody);
        }
    }
};

TEST_F(Trouble, ADriverThatLacksSomethingSaysWhatAndNothingIsLeft) {
    script({{"start", {{"status", -4}, {"message", "no accelerator"}, {"hint", "buy one"}}}});
    const Outcome outcome = run({"launch", "tiny", "--name", "web"});
    EXPECT_EQ(outcome.status, 4);
    EXPECT_NE(outcome.errors.find("no accelerator"), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("buy one"), std::string::npos) << outcome.errors;
    expect_nothing_left("web");
}

TEST_F(Trouble, WhatAPluginSaysCannotDriveTheTerminal) {
    script({{"start", {{"status", -1}, {"message", "red \x1b[31m alert"}, {"hint", "bell \x07"}}}});
    const Outcome outcome = run({"launch", "tiny", "--name", "web"});
    EXPECT_EQ(outcome.errors.find('\x1b'), std::string::npos) << outcome.errors;
    EXPECT_EQ(outcome.errors.find('\x07'), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("alert"), std::string::npos) << outcome.errors;
}

TEST_F(Trouble, ACreateThatFailsLeavesNothing) {
    script({{"create", {{"status", -11}, {"message", "no room for the disk"}}}});
    const Outcome outcome = run({"launch", "tiny", "--name", "web"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("[disk-full]"), std::string::npos) << outcome.errors;
    expect_nothing_left("web");
}

TEST_F(Trouble, AMachineThatDiesWhileStartingShowsItsConsole) {
    script({{"machine",
             {{"silent", true}, {"exit_after_ms", 300}, {"console", "Kernel panic - oh no\n"}}}});
    const Outcome outcome = run({"launch", "tiny", "--name", "web"});
    EXPECT_EQ(outcome.status, 2);
    EXPECT_NE(outcome.errors.find("[machine-stopped]"), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("Kernel panic - oh no"), std::string::npos) << outcome.errors;
    expect_nothing_left("web");
}

TEST_F(Trouble, AGuestThatNeverAnswersIsKeptAndTold) {
    script({{"machine", {{"silent", true}, {"console", "still booting\n"}}}});
    const Outcome outcome = run({"launch", "tiny", "--name", "web", "--timeout", "2"});
    EXPECT_EQ(outcome.status, 5);
    EXPECT_NE(outcome.errors.find("[guest-timeout]"), std::string::npos) << outcome.errors;
    EXPECT_NE(outcome.errors.find("still booting"), std::string::npos) << outcome.errors;
    EXPECT_EQ(state_of("web"), "Unknown");
    EXPECT_EQ(run({"start", "web", "--timeout", "1"}).status, 5)
        << "start waits for the same guest";
    ASSERT_EQ(run({"stop", "--force", "web"}).status, 0);
    script(Json::object());
    EXPECT_EQ(run({"start", "web"}).status, 0);
    EXPECT_EQ(state_of("web"), "Running");
}

TEST_F(Trouble, CtrlCUndoesALaunchAtAnyStep) {
    for (const char *verb : {"create", "start"}) {
        script({{verb, {{"delay_ms", 600000}}}});
        const auto process = davit.start({"launch", "tiny", "--name", "web"});
        await([&] { return std::filesystem::exists(instance_folder("web") / "machine"); });
        host::signal_process(process, SIGINT);
        ASSERT_TRUE(host::wait_gone(process, host::Deadline::after(patience), nobody)) << verb;
        const auto log = host::read_file(davit.folder() / "log", 1 << 20);
        EXPECT_NE(log->find("[interrupted]"), std::string::npos) << *log;
        expect_nothing_left("web");
        std::filesystem::remove(davit.folder() / "log");
    }
}

TEST_F(Trouble, CtrlCUndoesALaunchThatWaitsForItsGuest) {
    script({{"machine", {{"silent", true}}}});
    const auto process = davit.start({"launch", "tiny", "--name", "web", "--timeout", "9999"});
    await_state("web", "Starting");
    host::signal_process(process, SIGINT);
    ASSERT_TRUE(host::wait_gone(process, host::Deadline::after(patience), nobody));
    expect_nothing_left("web");
}

TEST_F(Trouble, AKilledLaunchIsUnderstood) {
    script({{"create", {{"delay_ms", 600000}}}});
    const auto process = davit.start({"launch", "tiny", "--name", "web"});
    await([&] { return std::filesystem::exists(instance_folder("web") / "machine"); });
    host::signal_process(process, SIGKILL);
    ASSERT_TRUE(host::wait_gone(process, host::Deadline::after(patience), nobody));
    script(Json::object());
    EXPECT_EQ(state_of("web"), "Unknown");
    const Outcome start = run({"start", "web"});
    EXPECT_NE(start.errors.find("[launch-interrupted]"), std::string::npos) << start.errors;
    EXPECT_EQ(run({"delete", "--purge", "web"}).status, 0);
    expect_nothing_left("web");
}

TEST_F(Trouble, ALaunchKilledWhileItsGuestBootsIsCompletedByStart) {
    script({{"machine", {{"silent", true}}}});
    const auto process = davit.start({"launch", "tiny", "--name", "web", "--timeout", "9999"});
    await([&] {
        const auto record = host::read_file(instance_folder("web") / "record.json", 1 << 20);
        return record && record->find("\"phase\": \"starting\"") != std::string::npos;
    });
    host::signal_process(process, SIGKILL);
    ASSERT_TRUE(host::wait_gone(process, host::Deadline::after(patience), nobody));
    // Killed before its machine ran, or after: both are understood.
    EXPECT_THAT(state_of("web"), ::testing::AnyOf("Unknown", "Stopped"));
    EXPECT_EQ(run({"stop", "--force", "web"}).status, 0);
    script(Json::object());
    EXPECT_EQ(run({"start", "web"}).status, 0);
    EXPECT_EQ(run({"exec", "web", "echo", "up"}).output, "up\n");
}

TEST_F(Trouble, ARecordThatCannotBeReadIsKeptAndOthersAreListed) {
    launch("good");
    launch("bad");
    run({"stop", "bad"});
    const auto record = instance_folder("bad") / "record.json";
    for (const char *damage :
         {"", "{", "{\"record\":2}", "[]", "{\"record\":1,\"name\":7}", "\xFF\xFE"}) {
        host::write_file(record, damage);
        EXPECT_EQ(state_of("good"), "Running");
        EXPECT_EQ(state_of("bad"), "Unknown");
        for (const char *command : {"start", "stop", "delete"}) {
            const Outcome outcome = run({command, "bad"});
            EXPECT_EQ(outcome.status, 2) << command;
            EXPECT_NE(outcome.errors.find("[record-unreadable]"), std::string::npos)
                << outcome.errors;
        }
        EXPECT_NE(run({"launch", "tiny", "--name", "bad"}).status, 0);
        EXPECT_EQ(host::read_file(record, 100), damage) << "the record is left as it is";
    }
    std::filesystem::remove(record);
    EXPECT_EQ(state_of("bad"), "Unknown");
    EXPECT_EQ(run({"purge"}).status, 0);
    EXPECT_TRUE(std::filesystem::exists(instance_folder("bad")));
}

TEST_F(Trouble, SettingsThatCannotBeReadAreKept) {
    const auto settings = davit.home() / "settings.json";
    host::write_file(settings, "{broken");
    const host::Program program{{Davit::program().string(), "--plugin-dir", test_plugins(), "list"},
                                {{"DAVIT_HOME", davit.home().string()}},
                                {},
                                ""};
    const auto result = host::run_program(program, host::Deadline::after(patience), nobody);
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.errors.find("[settings-unreadable]"), std::string::npos) << result.errors;
    EXPECT_EQ(host::read_file(settings, 100), "{broken");
}

TEST_F(Trouble, AnInstanceWithoutItsDriverIsListedAndKept) {
    launch("web");
    run({"stop", "web"});
    // The record names a driver that nobody has.
    const auto record = instance_folder("web") / "record.json";
    Json document = host::json_in(*host::read_file(record, 1 << 20), "record");
    document["driver"] = "vanished";
    host::write_file(record, host::json_out(document));
    EXPECT_EQ(state_of("web"), "Unavailable");
    EXPECT_NE(run({"list"}).output.find("driver vanished is not installed"), std::string::npos);
    for (const std::vector<std::string> &words : std::vector<std::vector<std::string>>{
             {"start", "web"}, {"delete", "web"}, {"delete", "--purge", "web"}}) {
        const Outcome outcome = run(words);
        EXPECT_EQ(outcome.status, 4) << words[0];
        EXPECT_NE(outcome.errors.find("[driver-not-installed]"), std::string::npos)
            << outcome.errors;
    }
    EXPECT_TRUE(std::filesystem::exists(record));
    const Outcome abandoned = run({"delete", "--purge", "--abandon", "web"});
    EXPECT_EQ(abandoned.status, 0) << abandoned.errors;
    EXPECT_NE(abandoned.errors.find("was left behind"), std::string::npos);
    expect_nothing_left("web");
}

TEST_F(Trouble, ADriverThatAnswersNonsenseIsNeverReadAsStopped) {
    launch("web");
    for (const Json &reply :
         {Json::object(), Json{{"state", 7}}, Json::array(), Json{{"state", "melted"}}}) {
        script({{"inspect", {{"reply", reply}}}});
        EXPECT_EQ(state_of("web"), "Unknown") << reply;
    }
    script({{"inspect", {{"status", -1}, {"message", "the tool failed"}}}});
    EXPECT_EQ(state_of("web"), "Unknown");
    EXPECT_NE(run({"list"}).output.find("the tool failed"), std::string::npos);
    EXPECT_NE(run({"delete", "--purge", "web"}).status, 7);
    script(Json::object());
}

TEST_F(Trouble, AGuestThatIgnoresAStopGoesOnRunning) {
    script({{"machine", {{"stubborn", true}}},
            {"stop", {{"status", -9}, {"message", "the guest ignores it"}}}});
    launch("web");
    const Outcome outcome = run({"stop", "web"});
    EXPECT_EQ(outcome.status, 5);
    EXPECT_NE(outcome.errors.find("the guest ignores it"), std::string::npos) << outcome.errors;
    EXPECT_EQ(state_of("web"), "Running");
    script(Json::object());
}

TEST_F(Trouble, OneOfManyLaunchesOfANameWins) {
    std::vector<host::ProcessIdentity> launches;
    for (int i = 0; i < 8; ++i) {
        const auto log = davit.folder() / ("log" + std::to_string(i));
        host::Program program{{Davit::program().string(), "--plugin-dir", test_plugins(),
                               "--driver", "scripted", "launch", "tiny", "--name", "web"},
                              davit.environment,
                              {},
                              ""};
        program.environment["DAVIT_HOME"] = davit.home().string();
        launches.push_back(
            host::spawn_program(program, log, davit.folder() / ("id" + std::to_string(i))));
    }
    int won = 0, refused = 0;
    for (std::size_t i = 0; i < launches.size(); ++i) {
        ASSERT_TRUE(host::wait_gone(launches[i], host::Deadline::after(patience), nobody));
        const auto log = host::read_file(davit.folder() / ("log" + std::to_string(i)), 1 << 20);
        won += log->find("Launched: web") != std::string::npos ? 1 : 0;
        refused += log->find("[instance-exists]") != std::string::npos ? 1 : 0;
    }
    EXPECT_EQ(won, 1);
    EXPECT_EQ(refused, 7);
    EXPECT_EQ(state_of("web"), "Running");
}

TEST_F(Trouble, UnknownImagesAndFilesThatAreNoneAreTold) {
    const Outcome unknown = run({"launch", "no-such-image"});
    EXPECT_EQ(unknown.status, 2);
    EXPECT_NE(unknown.errors.find("[image-not-found]"), std::string::npos) << unknown.errors;
    const auto text = davit.folder() / "text.img";
    host::write_file(text, "this is no disk");
    for (const auto &words :
         std::vector<std::vector<std::string>>{{"launch", "file://" + text.string()},
                                               {"image", "import", text.string()},
                                               {"image", "import", "/no/such/file"},
                                               {"launch", "https://127.0.0.1/image"},
                                               {"image", "build", "no-such-recipe"}}) {
        const Outcome outcome = run(words);
        EXPECT_NE(outcome.status, 0) << words[1];
        EXPECT_NE(outcome.errors.find('['), std::string::npos) << outcome.errors;
    }
    EXPECT_EQ(run({"list"}).output, "No instances found.\n");
}

TEST_F(Trouble, AFullDiskIsToldAndNothingIsLeftOfTheLaunch) {
    // A home of its own on a file system that is smaller than the image, in a mount namespace that
    // ends with the command.
    struct stat plugins {};
    ASSERT_EQ(::stat(test_plugins().c_str(), &plugins), 0);
    if (plugins.st_uid != ::geteuid()) {
        GTEST_SKIP() << "the plugins belong to another user, who is nobody in a user namespace";
    }
    const auto small = davit.folder() / "small";
    std::filesystem::create_directories(small);
    const std::string script = "mount -t tmpfs -o size=100k,mode=700 tmpfs " + small.string() +
                               " || exit 77; " + "export DAVIT_HOME=" + small.string() + "/home; " +
                               Davit::program().string() + " --plugin-dir " + test_plugins() +
                               " --driver scripted launch tiny --name web; " +
                               "echo status $?; ls -A $DAVIT_HOME/scopes/scripted";
    const host::Program program{
        {"unshare", "--map-root-user", "--mount", "sh", "-c", script}, davit.environment, {}, ""};
    const auto result = host::run_program(program, host::Deadline::after(patience), nobody);
    if (result.output.find("status") == std::string::npos) {
        GTEST_SKIP() << "no mount namespace can be made here: " << result.errors;
    }
    EXPECT_EQ(result.output, "status 2\n.lock\n") << result.errors;
    EXPECT_NE(result.errors.find("[disk-full]"), std::string::npos) << result.errors;
}

TEST_F(Trouble, AMissingToolOfABuildIsNamed) {
    // Every program of this computer but the one.
    const auto programs = davit.folder() / "bin";
    std::filesystem::create_directories(programs);
    for (const auto &entry : std::filesystem::directory_iterator{"/usr/bin"}) {
        if (entry.path().filename() == "mmdebstrap") continue;
        std::filesystem::create_symlink(entry.path(), programs / entry.path().filename());
    }
    davit.environment["PATH"] = programs.string();
    const Outcome outcome = run({"image", "build", "debian", "--name", "other"});
    EXPECT_NE(outcome.status, 0);
    EXPECT_NE(outcome.errors.find("mmdebstrap"), std::string::npos) << outcome.errors;
    EXPECT_EQ(run({"image", "list"}).output.find("other"), std::string::npos);
}

TEST_F(Trouble, AnUnknownDriverNamesThoseThereAre) {
    const host::Program program{{Davit::program().string(), "--plugin-dir", test_plugins(),
                                 "--driver", "no-such-driver", "launch", "tiny"},
                                {{"DAVIT_HOME", davit.home().string()}},
                                {},
                                ""};
    const auto result = host::run_program(program, host::Deadline::after(patience), nobody);
    EXPECT_EQ(result.status, 2);
    EXPECT_NE(result.errors.find("[driver-unknown]"), std::string::npos) << result.errors;
    EXPECT_NE(result.errors.find("scripted"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace davit::test
