// SPDX-License-Identifier: Apache-2.0
// Probing: whatever a driver does while it is asked, there is an answer, in time, and nothing is
// left.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <chrono>
#include <thread>

#include "support.hpp"

namespace davit::host {
namespace {

using testing::HasSubstr;

Manifest hostile(const std::string &fault) {
    return read_manifest(test_plugins() / "hostile" / fault);
}

ProbeResult probe(const Manifest &driver, Milliseconds deadline = std::chrono::minutes{1}) {
    Cancel cancel;
    return probe_drivers({&driver}, deadline, cancel).at(0);
}

struct Behaviour {
    const char *plugin;
    const char *id;       // "": it is available
    const char *message;  // a part of it
};

void PrintTo(const Behaviour &behaviour, std::ostream *out) {
    *out << behaviour.plugin;
}

std::string test_name(const testing::TestParamInfo<Behaviour> &tested) {
    std::string name = tested.param.plugin;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
}

class Behaviours : public testing::TestWithParam<Behaviour> {};

TEST_P(Behaviours, AreAnAnswer) {
    const Manifest driver = hostile(GetParam().plugin);
    const ProbeResult result = probe(driver);
    EXPECT_EQ(result.manifest, &driver);
    EXPECT_EQ(result.error ? result.error->id() : "", GetParam().id);
    EXPECT_THAT(result.error ? result.error->message() : "", HasSubstr(GetParam().message));
    if (result.available()) {
        EXPECT_EQ(result.reply.at("version"), "1");
    }
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was not reaped";
}

INSTANTIATE_TEST_SUITE_P(
    All, Behaviours,
    testing::Values(
        Behaviour{"none", "", ""}, Behaviour{"probe-chatters", "", ""},
        Behaviour{"probe-leaves-child", "", ""},
        Behaviour{"probe-refuses", "driver-unavailable", "the hypervisor is missing"},
        Behaviour{"probe-throws", "driver-failed", "threw"},
        Behaviour{"probe-crashes", "probe-crashed", "crashed (SIGSEGV) while being asked"},
        Behaviour{"probe-aborts", "probe-crashed", "crashed (SIGABRT) while being asked"},
        Behaviour{"constructor-crashes", "probe-crashed", "crashed (SIGSEGV) while being asked"},
        Behaviour{"constructor-exits", "probe-exited", "exit status 0"},
        Behaviour{"probe-exits-0", "probe-exited", "exit status 0"},
        Behaviour{"probe-exits-3", "probe-exited", "exit status 3"},
        Behaviour{"probe-reply-no-json", "driver-bad-reply", "asked for probe"},
        Behaviour{"probe-reply-wrong", "driver-bad-reply", "\"version\" must be a string"},
        Behaviour{"probe-reply-huge", "driver-failed", "too long"},
        Behaviour{"probe-writes-to-reply-fd", "probe-bad-reply", "no proper answer"},
        Behaviour{"start-fails", "plugin-start-failed", "the licence has expired"},
        Behaviour{"entry-throws", "plugin-entry-threw", "threw"}),
    test_name);

class Hangs : public testing::TestWithParam<Behaviour> {};

TEST_P(Hangs, EndWithTheDeadline) {
    const ProbeResult result = probe(hostile(GetParam().plugin), Milliseconds{300});
    ASSERT_TRUE(result.error);
    EXPECT_EQ(result.error->id(), "probe-timeout");
    EXPECT_THAT(result.error->message(), HasSubstr("did not answer within 0.3 s"));
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was not reaped";
}

INSTANTIATE_TEST_SUITE_P(All, Hangs,
                         testing::Values(Behaviour{"probe-hangs", "", ""},
                                         Behaviour{"constructor-hangs", "", ""},
                                         Behaviour{"start-hangs", "", ""},
                                         Behaviour{"stop-hangs", "", ""}),
                         test_name);

TEST(Probe, AnswersInTheOrderGivenWhateverEndsFirst) {
    const std::vector<Manifest> drivers{hostile("probe-crashes"), hostile("none"),
                                        hostile("probe-refuses"), hostile("none")};
    std::vector<const Manifest *> asked;
    for (const auto &driver : drivers) asked.push_back(&driver);
    Cancel cancel;
    const auto results = probe_drivers(asked, std::chrono::minutes{1}, cancel);
    ASSERT_EQ(results.size(), asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) EXPECT_EQ(results[i].manifest, asked[i]);
    EXPECT_EQ(results[0].error->id(), "probe-crashed");
    EXPECT_TRUE(results[1].available());
    EXPECT_EQ(results[2].error->code(), ExitCode::unavailable);
    EXPECT_TRUE(results[3].available());
}

TEST(Probe, OneThatHangsTakesNothingFromTheOthers) {
    const Manifest hangs = hostile("probe-hangs");
    const Manifest works = hostile("none");
    Cancel cancel;
    const auto results = probe_drivers({&hangs, &works}, std::chrono::seconds{5}, cancel);
    EXPECT_EQ(results[0].error->id(), "probe-timeout");
    EXPECT_TRUE(results[1].available());
}

TEST(Probe, OfNobodyIsEmpty) {
    Cancel cancel;
    EXPECT_TRUE(probe_drivers({}, Milliseconds{1}, cancel).empty());
}

TEST(Probe, EndsWithCtrlCAndLeavesNoProcess) {
    const Manifest hangs = hostile("probe-hangs");
    Cancel cancel;
    std::thread user{[&] { cancel.request(); }};
    const Error error = error_of([&] { probe_drivers({&hangs}, std::chrono::minutes{1}, cancel); });
    user.join();
    EXPECT_EQ(error.code(), ExitCode::interrupted);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was not reaped";
}

}  // namespace
}  // namespace davit::host
