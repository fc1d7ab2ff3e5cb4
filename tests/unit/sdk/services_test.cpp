// SPDX-License-Identifier: Apache-2.0
// The host's services, as a plugin written in C++ uses them.
#include <gtest/gtest.h>

#include <cstring>
#include <davit/cxx/call_context.hpp>
#include <davit/cxx/guard.hpp>
#include <davit/cxx/guest.hpp>
#include <davit/cxx/process.hpp>
#include <functional>

#include "fake_host.hpp"

namespace {

// A process service whose every function does what `behave` says.
std::function<davit_status(const char *argument, davit_call *call)> behave;

davit_status process(const davit_host *, const char *argument, davit_call *call) {
    return behave(argument, call);
}
const davit_host_process process_service = {
    sizeof(davit_host_process), process, process, process, process, process};

class Services : public testing::Test {
 public:
    Services() { host_.services[DAVIT_HOST_PROCESS] = &process_service; }
    ~Services() override { behave = nullptr; }

 protected:
    // Runs `work` as a plugin's function would be.
    template <typename Work>
    davit::Outcome outcome_of(Work work, davit::CallOptions options = {}) {
        davit::CallContext context(std::move(options));
        return context.finish(davit::detail::guard(context.raw(), work));
    }
    davit::Outcome run(davit::CallOptions options = {}, std::chrono::milliseconds limit = {}) {
        return outcome_of(
            [&](davit::Call &call) { return davit::Process(host()).run("{}", call, limit); },
            std::move(options));
    }
    davit::Host host() const { return davit::Host(&host_.raw()); }

    FakeHost host_;
};

TEST_F(Services, ReturnWhatTheServiceReplies) {
    behave = [](const char *argument, davit_call *call) {
        call->reply(call, argument, 2);
        return DAVIT_OK;
    };
    EXPECT_EQ(run().reply, "{}");
}

TEST_F(Services, FailAsTheServiceDoes) {
    behave = [](const char *, davit_call *call) {
        return call->fail(call, DAVIT_E_UNAVAILABLE, "tool is not installed", "install it");
    };
    const auto outcome = run();
    EXPECT_EQ(outcome.status, DAVIT_E_UNAVAILABLE);
    EXPECT_EQ(outcome.message, "tool is not installed");
    EXPECT_EQ(outcome.hint, "install it");
}

TEST_F(Services, PassProgressOutAndCancellationIn) {
    behave = [](const char *, davit_call *call) {
        return call->progress(call, "running tool", 1, 2);
    };
    std::string seen;
    davit::CallOptions options;
    options.progress = [&](const char *phase, std::uint64_t, std::uint64_t) {
        seen = phase;
        return false;
    };
    EXPECT_EQ(run(options).status, DAVIT_E_CANCELLED);
    EXPECT_EQ(seen, "running tool");
}

TEST_F(Services, HaveTheDeadlineOfTheOuterCallUnlessTheirOwnIsSooner) {
    std::uint32_t given = 0;
    behave = [&](const char *, davit_call *call) {
        given = call->timeout_ms;
        return DAVIT_OK;
    };
    run();
    EXPECT_EQ(given, 0u);
    run({}, std::chrono::milliseconds(500));
    EXPECT_EQ(given, 500u);
    davit::CallOptions options;
    options.timeout = std::chrono::hours(1);
    run(options);
    EXPECT_GT(given, 1'800'000u);
    EXPECT_LE(given, 3'600'000u);
    run(options, std::chrono::milliseconds(500));
    EXPECT_EQ(given, 500u);
}

TEST_F(Services, StillHaveADeadlineOnceTheOuterOneHasPassed) {
    std::uint32_t given = 0;
    behave = [&](const char *, davit_call *call) {
        given = call->timeout_ms;
        return DAVIT_E_TIMEOUT;
    };
    davit::CallOptions options;
    options.timeout = std::chrono::milliseconds(1);
    const auto outcome = outcome_of(
        [&](davit::Call &call) {
            while (!call.expired()) call.progress();
            davit::Process(host()).wait("{}", call);
        },
        options);
    EXPECT_EQ(given, 1u);
    EXPECT_EQ(outcome.status, DAVIT_E_TIMEOUT);
}

TEST_F(Services, TellAliveFromGoneFromUnknown) {
    davit_status answer = 1;
    behave = [&](const char *, davit_call *) { return answer; };
    const auto alive = [&] {
        bool result = false;
        const auto outcome = outcome_of(
            [&](davit::Call &call) { result = davit::Process(host()).alive("{}", call); });
        return outcome.status == DAVIT_OK ? (result ? "alive" : "gone") : "unknown";
    };
    EXPECT_STREQ(alive(), "alive");
    answer = 0;
    EXPECT_STREQ(alive(), "gone");
    answer = DAVIT_E_INVALID;
    EXPECT_STREQ(alive(), "unknown");
}

TEST_F(Services, SayWhatToDoWhereTheHostLacksThem) {
    host_.services.clear();
    const auto outcome = run();
    EXPECT_EQ(outcome.status, DAVIT_E_UNAVAILABLE);
    EXPECT_EQ(outcome.hint, "update davit");
}

TEST_F(Services, OfAnOlderHostAreNotUsed) {
    davit_host_process old = process_service;
    old.struct_size = sizeof(davit_host_process) - sizeof(void *);
    host_.services[DAVIT_HOST_PROCESS] = &old;
    EXPECT_EQ(run().status, DAVIT_E_UNAVAILABLE);
}

struct FakeGuest {
    static inline int closed = 0;
    static inline std::string sent;

    static davit_status run(const davit_host *, const char *guest, const char *request,
                            davit_call *call) {
        call->reply(call, guest, std::strlen(guest));
        call->reply(call, request, std::strlen(request));
        return DAVIT_OK;
    }
    static davit_status open(const davit_host *, const char *guest, const char *,
                             davit_stream **stream, davit_call *call) {
        if (std::string(guest) == "gone")
            return call->fail(call, DAVIT_E_UNAVAILABLE, "no guest", "start it");
        *stream = reinterpret_cast<davit_stream *>(&closed);
        return DAVIT_OK;
    }
    static davit_status read(davit_stream *, void *data, std::size_t, std::size_t *got,
                             davit_call *) {
        std::memcpy(data, "abc", 3);
        *got = 3;
        return DAVIT_OK;
    }
    static davit_status write(davit_stream *, const void *data, std::size_t size, davit_call *) {
        sent.assign(static_cast<const char *>(data), size);
        return DAVIT_OK;
    }
    static void close(davit_stream *) { ++closed; }
};
const davit_host_guest guest_service = {sizeof(davit_host_guest), FakeGuest::run,
                                        FakeGuest::open,          FakeGuest::read,
                                        FakeGuest::write,         FakeGuest::close};

TEST_F(Services, RunACommandInTheGuestOfTheToken) {
    host_.services[DAVIT_HOST_GUEST] = &guest_service;
    const auto outcome =
        outcome_of([&](davit::Call &call) { return davit::Guest(host(), "web").run("{}", call); });
    EXPECT_EQ(outcome.reply, "web{}");
}

TEST_F(Services, StreamToAndFromTheGuest) {
    host_.services[DAVIT_HOST_GUEST] = &guest_service;
    FakeGuest::closed = 0;
    const auto outcome = outcome_of([&](davit::Call &call) {
        const auto stream = davit::Guest(host(), "web").open("{}", call);
        char data[8] = {};
        stream->write("hi", 2, call);
        return std::string(data, stream->read(data, sizeof data, call));
    });
    EXPECT_EQ(outcome.reply, "abc");
    EXPECT_EQ(FakeGuest::sent, "hi");
    EXPECT_EQ(FakeGuest::closed, 1);
}

TEST_F(Services, DoNotOpenAStreamToAGuestThatIsGone) {
    host_.services[DAVIT_HOST_GUEST] = &guest_service;
    const auto outcome =
        outcome_of([&](davit::Call &call) { davit::Guest(host(), "gone").open("{}", call); });
    EXPECT_EQ(outcome.status, DAVIT_E_UNAVAILABLE);
    EXPECT_EQ(outcome.hint, "start it");
}

}  // namespace
