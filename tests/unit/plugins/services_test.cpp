// SPDX-License-Identifier: Apache-2.0
// What the host offers to plugins, called as a plugin written in C would.
#include "plugins/services.hpp"

#include <davit/host/guest.h>
#include <davit/host/process.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <davit/cxx/host.hpp>

#include "base/process.hpp"
#include "support.hpp"

namespace davit::host {
namespace {

using testing::HasSubstr;

class ServicesOfTheHost : public testing::Test {
 protected:
    using Verb = davit_status(DAVIT_ABI *)(const davit_host *, const char *, davit_call *);

    davit::Outcome call(Verb verb, const Json &request, davit::CallOptions options = {}) {
        davit::CallContext context{std::move(options)};
        const std::string text = json_out(request);
        return context.finish(verb(services_.host(), text.c_str(), context.raw()));
    }
    davit::Outcome run(const Json &request, davit::CallOptions options = {}) {
        return call(process_.run, request, std::move(options));
    }
    Json spawn(const std::vector<std::string> &argv) {
        const davit::Outcome outcome =
            call(process_.spawn, {{"argv", argv},
                                  {"log", (folder_ / "log").string()},
                                  {"identity", identity_file_.string()}});
        EXPECT_EQ(outcome.status, DAVIT_OK) << outcome.message;
        return Json::parse(outcome.reply);
    }
    int alive(const Json &identity) {
        davit::CallContext context;
        return process_.alive(services_.host(), identity.dump().c_str(), context.raw());
    }

    TemporaryFolder folder_;
    fs::path identity_file_ = folder_ / "identity";
    HostServices services_{"tester"};
    const davit_host_process &process_ = *static_cast<const davit_host_process *>(
        services_.host()->get(services_.host(), DAVIT_HOST_PROCESS));
};

TEST_F(ServicesOfTheHost, SayWhoTheHostIs) {
    const davit_host *host = services_.host();
    EXPECT_EQ(host->struct_size, sizeof(davit_host));
    EXPECT_STREQ(host->name, "davit");
    EXPECT_EQ(host->sdk_major, 1U);
    EXPECT_STRNE(host->version, "");
}

TEST_F(ServicesOfTheHost, AreNullWhereThereAreNone) {
    const davit_host *host = services_.host();
    EXPECT_EQ(host->get(host, "davit.host.process/2"), nullptr);
    EXPECT_EQ(host->get(host, "davit.host.process/1x"), nullptr);
    EXPECT_EQ(host->get(host, ""), nullptr);
    EXPECT_EQ(host->get(host, nullptr), nullptr);
}

TEST_F(ServicesOfTheHost, RunAProgramWithInputEnvironmentAndFolder) {
    const davit::Outcome outcome =
        run({{"argv", {"sh", "-c", "cat; echo $WHO; pwd; echo oops >&2; exit 3"}},
             {"env", {{"WHO", "me"}}},
             {"folder", folder_.path().string()},
             {"stdin", "in\n"}});
    ASSERT_EQ(outcome.status, DAVIT_OK) << outcome.message;
    EXPECT_EQ(Json::parse(outcome.reply),
              Json({{"status", 3},
                    {"signal", 0},
                    {"stdout", "in\nme\n" + folder_.path().string() + "\n"},
                    {"stderr", "oops\n"},
                    {"cut", false}}));
}

TEST_F(ServicesOfTheHost, MakeOutputThatIsNoUtf8Valid) {
    const davit::Outcome outcome = run({{"argv", {"printf", "a\\377b"}}});
    EXPECT_EQ(Json::parse(outcome.reply)["stdout"],
              "a\xEF\xBF\xBD"
              "b");
}

TEST_F(ServicesOfTheHost, SayThatAProgramIsNotInstalled) {
    const davit::Outcome outcome = run({{"argv", {"no-such-program-anywhere"}}});
    EXPECT_EQ(outcome.status, DAVIT_E_UNAVAILABLE);
    EXPECT_THAT(outcome.message, HasSubstr("no-such-program-anywhere"));
    EXPECT_FALSE(outcome.hint.empty());
}

TEST_F(ServicesOfTheHost, EndAProgramAtTheDeadline) {
    davit::CallOptions options;
    options.timeout = Milliseconds{100};
    EXPECT_EQ(run({{"argv", {"sleep", "600"}}}, options).status, DAVIT_E_TIMEOUT);
}

TEST_F(ServicesOfTheHost, EndAProgramWhenTheUserGivesUp) {
    davit::CallOptions options;
    options.progress = [](const char *, std::uint64_t, std::uint64_t) { return false; };
    EXPECT_EQ(run({{"argv", {"sleep", "600"}}}, options).status, DAVIT_E_CANCELLED);
}

TEST_F(ServicesOfTheHost, RefuseRequestsThatMakeNoSense) {
    for (const char *request :
         {"[]", "{}", R"({"argv": []})", R"({"argv": "ls"})", R"({"argv": [7]})",
          R"({"argv": ["ls"], "env": []})", R"({"argv": ["ls"], "env": {"A": 1}})",
          R"({"argv": ["ls"], "folder": 7})", R"({"argv": ["ls"], "stdin": {}})",
          R"({"argv": ["ls\u0000"]})"}) {
        const davit::Outcome outcome = run(Json::parse(request));
        EXPECT_EQ(outcome.status, DAVIT_E_INVALID) << request;
        EXPECT_FALSE(outcome.message.empty()) << request;
    }
}

TEST_F(ServicesOfTheHost, RefuseRequestsThatAreNoJson) {
    davit::CallContext context;
    EXPECT_EQ(process_.run(services_.host(), nullptr, context.raw()), DAVIT_E_INVALID);
    EXPECT_EQ(process_.run(services_.host(), "{", context.raw()), DAVIT_E_INVALID);
}

TEST_F(ServicesOfTheHost, SpawnAProcessThatIsKnownByItsIdentity) {
    const Json identity = spawn({"sleep", "600"});
    EXPECT_EQ(identity, Json::parse(*read_file(identity_file_, 4096)));
    EXPECT_EQ(alive(identity), 1);
    EXPECT_EQ(call(process_.kill, identity).status, DAVIT_OK);
    EXPECT_EQ(alive(identity), 0);
    EXPECT_EQ(call(process_.kill, identity).status, DAVIT_OK) << "it is gone already";
    EXPECT_EQ(call(process_.wait, identity).status, DAVIT_OK);
}

TEST_F(ServicesOfTheHost, DoNotTouchAProcessWithTheSameIdAndAnotherStart) {
    const Json identity = spawn({"sleep", "600"});
    Json recycled = identity;
    recycled["start"] = identity["start"].get<std::uint64_t>() + 1;
    EXPECT_EQ(alive(recycled), 0);
    EXPECT_EQ(call(process_.kill, recycled).status, DAVIT_OK);
    EXPECT_EQ(alive(identity), 1);
    call(process_.kill, identity);
}

TEST_F(ServicesOfTheHost, WaitUntilTheDeadline) {
    const Json identity = spawn({"sleep", "600"});
    davit::CallOptions options;
    options.timeout = Milliseconds{50};
    const davit::Outcome outcome = call(process_.wait, identity, options);
    EXPECT_EQ(outcome.status, DAVIT_E_TIMEOUT);
    EXPECT_THAT(outcome.message, HasSubstr("did not end in time"));
    call(process_.kill, identity);
}

TEST_F(ServicesOfTheHost, KeepTheOutputOfASpawnedProgram) {
    const Json identity = spawn({"echo", "hello"});
    EXPECT_EQ(call(process_.wait, identity).status, DAVIT_OK);
    EXPECT_EQ(read_file(folder_ / "log", 4096), "hello\n");
}

class PluginLog : public ServicesOfTheHost {
 protected:
    std::string log(int32_t level, const char *message) {
        services_.host()->log(services_.host(), level, message);
        return read_file(folder_ / "home/logs/plugins.log", 1 << 22).value_or("");
    }
    Environment home_{"DAVIT_HOME", (folder_ / "home").string()};
};

TEST_F(PluginLog, NamesThePluginAndTheLevel) {
    EXPECT_THAT(log(DAVIT_LOG_WARNING, "a leak"), HasSubstr("] tester warning: a leak\n"));
}

TEST_F(PluginLog, IsTheUsersAlone) {
    log(DAVIT_LOG_INFO, "secret");
    EXPECT_EQ(fs::status(folder_ / "home").permissions(), fs::perms{0700});
    EXPECT_EQ(fs::status(folder_ / "home/logs/plugins.log").permissions(), fs::perms{0600});
}

TEST_F(PluginLog, HoldsNothingThatDrivesATerminal) {
    EXPECT_THAT(log(DAVIT_LOG_INFO, "a\nb\x1b[2J\xff"), HasSubstr("info: a b [2J\xEF\xBF\xBD\n"));
}

TEST_F(PluginLog, HasDebugLinesOnlyForThoseWhoDebug) {
    EXPECT_EQ(log(DAVIT_LOG_DEBUG, "detail"), "");
}

TEST_F(PluginLog, IsReplacedWhenItIsLarge) {
    const std::string line(4000, 'x');
    for (int i = 0; i < 300; ++i) log(DAVIT_LOG_INFO, line.c_str());
    EXPECT_TRUE(fs::exists(folder_ / "home/logs/plugins.log.1"));
    EXPECT_LT(fs::file_size(folder_ / "home/logs/plugins.log"), std::uintmax_t{1} << 20);
}

TEST_F(PluginLog, ThatCannotBeWrittenStopsNothing) {
    write_text(folder_ / "home", "a file where the folder should be");
    EXPECT_EQ(log(DAVIT_LOG_ERROR, "lost"), "");
}

}  // namespace
}  // namespace davit::host
