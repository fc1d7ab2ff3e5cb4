// SPDX-License-Identifier: Apache-2.0
// A driver seen through the host, with the scripted one: documents in, documents out, errors
// thrown.
#include <signal.h>

#include "base/process.hpp"
#include "support.hpp"

namespace davit::host {
namespace {

class ScriptedDriver : public testing::Test {
 protected:
    void SetUp() override {
        script_path_.emplace("DAVIT_SCRIPT", (folder_ / "script.json").string());
        home_.emplace("DAVIT_HOME", (folder_ / "home").string());
        script("{}");
        fs::create_directory(machine_folder_);
        write_text(folder_ / "image", "a disk");
        make_seed();
    }
    void TearDown() override {
        script("{}");
        if (machine_) machine_->remove(caller_.options());
    }

    void script(const std::string &json) { write_text(folder_ / "script.json", json); }

    Driver &driver() {
        return load_driver(read_manifest(test_plugins() / "scripted"), caller_.progress,
                           caller_.cancel);
    }
    Machine &machine() {
        if (!machine_) {
            driver().create(machine_folder_, spec(), caller_.options());
            machine_ = driver().open(machine_folder_, caller_.options());
        }
        return *machine_;
    }
    Json spec() {
        return {{"name", "web"},
                {"disk", {{"image", {{"path", (folder_ / "image").string()}}}}},
                {"seed", (folder_ / "seed.iso").string()}};
    }
    Json inspect() { return machine().inspect(caller_.options()); }
    std::string state() { return inspect().at("state"); }

    ProgramResult ssh(const std::string &command) {
        const Json where = inspect().at("ssh");
        return run(
            {"ssh", "-F", "none", "-i", (folder_ / "user").string(), "-p",
             std::to_string(where["port"].get<int>()), "-o", "BatchMode=yes", "-o",
             "UserKnownHostsFile=" + (folder_ / "known").string(), "-o", "StrictHostKeyChecking=no",
             where["user"].get<std::string>() + "@" + where["host"].get<std::string>(), command});
    }

    TemporaryFolder folder_;
    fs::path machine_folder_ = folder_ / "machine";
    Caller caller_;

 private:
    ProgramResult run(std::vector<std::string> argv) {
        return run_program({std::move(argv), {}, folder_.path(), ""},
                           Deadline::after(std::chrono::minutes{1}), caller_.cancel);
    }
    void make_seed() {
        for (const std::string name : {"host", "user"}) {
            run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", (folder_ / name).string()});
        }
        const Json config{{"ssh_keys", {{"ed25519_private", *read_file(folder_ / "host", 4096)}}},
                          {"ssh_authorized_keys", {*read_file(folder_ / "user.pub", 4096)}}};
        write_text(folder_ / "user-data", "#cloud-config\n" + json_out(config, 1));
        run({"bsdtar", "-cf", "seed.iso", "--format=iso9660", "user-data"});
    }

    std::optional<Environment> script_path_;
    std::optional<Environment> home_;
    std::unique_ptr<Machine> machine_;
};

TEST_F(ScriptedDriver, LoadedTwiceIsTheSameObject) {
    EXPECT_EQ(&driver(), &driver());
}

TEST_F(ScriptedDriver, ProbeSaysItsVersion) {
    EXPECT_EQ(driver().probe(caller_.options()).at("version"), "sshd");
}

TEST_F(ScriptedDriver, MachineIsStoppedUntilItIsStarted) {
    EXPECT_EQ(state(), "stopped");
    machine().start(caller_.options());
    EXPECT_EQ(state(), "running");
}

TEST_F(ScriptedDriver, GuestRunsCommandsOverSsh) {
    machine().start(caller_.options());
    const ProgramResult result = ssh("echo hello from $((40 + 2))");
    EXPECT_EQ(result.output, "hello from 42\n") << result.errors;
}

TEST_F(ScriptedDriver, StopEndsTheMachineAndItsSessions) {
    machine().start(caller_.options());
    machine().stop(StopHow::graceful, caller_.options());
    EXPECT_EQ(state(), "stopped");
}

TEST_F(ScriptedDriver, StubbornGuestIsATimeoutAndGoesOn) {
    script(R"({"machine": {"stubborn": true}})");
    machine().start(caller_.options());
    const Error error =
        error_of([&] { machine().stop(StopHow::graceful, caller_.options(Milliseconds{200})); });
    EXPECT_EQ(error.id(), "driver-timeout");
    EXPECT_EQ(error.code(), ExitCode::timeout);
    EXPECT_EQ(state(), "running");
    machine().stop(StopHow::force, caller_.options());
    EXPECT_EQ(state(), "stopped");
}

TEST_F(ScriptedDriver, MachineKilledBehindOurBackIsStopped) {
    machine().start(caller_.options());
    const auto identity =
        ProcessIdentity::from_json(Json::parse(*read_file(machine_folder_ / "process.json", 4096)));
    ASSERT_TRUE(signal_process(identity, SIGKILL));
    ASSERT_TRUE(wait_gone(identity, Deadline::after(std::chrono::minutes{1}), caller_.cancel));
    EXPECT_EQ(state(), "stopped");
}

TEST_F(ScriptedDriver, MachineThatDiesAfterStartIsStopped) {
    script(R"({"machine": {"exit_after_ms": 50}})");
    machine().start(caller_.options());
    const auto identity =
        ProcessIdentity::from_json(Json::parse(*read_file(machine_folder_ / "process.json", 4096)));
    ASSERT_TRUE(wait_gone(identity, Deadline::after(std::chrono::minutes{1}), caller_.cancel));
    EXPECT_EQ(state(), "stopped");
}

TEST_F(ScriptedDriver, ProgressReachesTheUserAndCtrlCThePlugin) {
    script(R"({"create": {"steps": 1000, "phase": "copying the disk"}})");
    caller_.progress.on_step = [&] { caller_.cancel.request(); };
    const Error error = error_of([&] { machine(); });
    EXPECT_EQ(error.code(), ExitCode::interrupted);
    EXPECT_EQ(caller_.progress.steps, std::vector<std::string>{"copying the disk"});
    EXPECT_TRUE(fs::is_empty(machine_folder_));
}

TEST_F(ScriptedDriver, OpenWithoutAMachineIsNotFound) {
    const Error error = error_of([&] { driver().open(machine_folder_, caller_.options()); });
    EXPECT_EQ(error.id(), "driver-not-found");
}

TEST_F(ScriptedDriver, LogLinesGoToAFileOfTheUsersOwn) {
    machine().start(caller_.options());
    const auto log = read_file(folder_ / "home/logs/plugins.log", 1 << 20);
    ASSERT_TRUE(log);
    EXPECT_NE(log->find("scripted info: starting " + machine_folder_.string()), std::string::npos);
}

TEST_F(ScriptedDriver, CancelledWithoutCtrlCIsTheDriversFault) {
    script(R"({"create": {"status": -10}})");
    const Error error = error_of([&] { machine(); });
    EXPECT_EQ(error.id(), "driver-failed");
    EXPECT_NE(error.message().find("the driver scripted is broken"), std::string::npos);
}

struct StatusCase {
    int status;
    const char *id;
    ExitCode code;
};

class Statuses : public ScriptedDriver, public testing::WithParamInterface<StatusCase> {};

TEST_P(Statuses, BecomeErrorsWithMessageAndHint) {
    script(R"({"create": {"message": "why", "hint": "do this", "status": )" +
           std::to_string(GetParam().status) + "}}");
    const Error error =
        error_of([&] { driver().create(machine_folder_, spec(), caller_.options()); });
    EXPECT_EQ(error.id(), GetParam().id);
    EXPECT_EQ(error.code(), GetParam().code);
    EXPECT_EQ(error.message(), "why");
    EXPECT_EQ(error.hint(), "do this");
}

INSTANTIATE_TEST_SUITE_P(
    All, Statuses,
    testing::Values(StatusCase{-1, "driver-failed", ExitCode::failed},
                    StatusCase{-2, "driver-invalid", ExitCode::failed},
                    StatusCase{-3, "driver-unsupported", ExitCode::unsupported},
                    StatusCase{-4, "driver-unavailable", ExitCode::unavailable},
                    StatusCase{-5, "driver-state", ExitCode::failed},
                    StatusCase{-6, "driver-not-found", ExitCode::failed},
                    StatusCase{-7, "driver-exists", ExitCode::failed},
                    StatusCase{-8, "driver-busy", ExitCode::failed},
                    StatusCase{-9, "driver-timeout", ExitCode::timeout},
                    StatusCase{-11, "disk-full", ExitCode::failed},
                    StatusCase{-99, "driver-failed", ExitCode::failed}),
    [](const auto &tested) { return "Minus" + std::to_string(-tested.param.status); });

class BadReplies : public ScriptedDriver, public testing::WithParamInterface<const char *> {};

TEST_P(BadReplies, OfInspectAreErrorsThatNameTheDriver) {
    machine();
    script(std::string{R"({"inspect": )"} + GetParam() + "}");
    const Error error = error_of([&] { inspect(); });
    EXPECT_EQ(error.id(), "driver-bad-reply");
    EXPECT_NE(error.message().find("the driver scripted"), std::string::npos) << error.message();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadReplies,
    testing::Values(
        R"({"reply_text": ""})", R"({"reply_text": "{"})", R"({"reply_text": "{\"a\":1,\"a\":1}"})",
        R"({"reply": []})", R"({"reply": {}})", R"({"reply": {"state": 1}})",
        R"({"reply": {"state": "asleep"}})", R"({"reply": {"state": "unknown"}})",
        R"({"reply": {"state": "unknown", "reason": ""}})",
        R"({"reply": {"state": "stopped", "addresses": "192.0.2.7"}})",
        R"({"reply": {"state": "stopped", "addresses": [7]}})",
        R"({"reply": {"state": "stopped", "ssh": {"host": "127.0.0.1", "port": 22}}})",
        R"({"reply": {"state": "running", "ssh": {"host": "127.0.0.1"}}})",
        R"({"reply": {"state": "running", "ssh": {"host": "127.0.0.1", "port": 0}}})",
        R"({"reply": {"state": "running", "ssh": {"host": "127.0.0.1", "port": 65536}}})",
        R"({"reply": {"state": "running", "ssh": {"host": "127.0.0.1", "port": "22"}}})",
        R"({"reply": {"state": "running", "ssh": {"host": "127.0.0.1", "port": 22, "user": ""}}})",
        R"({"reply": {"state": "stopped", "console": "relative"}})",
        R"({"reply": {"state": "running", "pid": 0}})"));

}  // namespace
}  // namespace davit::host
