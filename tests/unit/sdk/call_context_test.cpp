// SPDX-License-Identifier: Apache-2.0
// The calling side of a request survives whatever the other side says.
#include <gtest/gtest.h>

#include <array>
#include <davit/cxx/call_context.hpp>
#include <thread>
#include <vector>

namespace {

using davit::CallContext;
using davit::CallOptions;
using davit::safe_text;

void reply(CallContext &context, const std::string &text) {
    context.raw()->reply(context.raw(), text.data(), text.size());
}

TEST(CallContext, JoinsThePartsOfAReply) {
    CallContext context;
    reply(context, "{\"a\"");
    reply(context, ":1}");
    EXPECT_EQ(context.finish(DAVIT_OK).reply, "{\"a\":1}");
}

TEST(CallContext, DropsTheReplyOfAFailure) {
    CallContext context;
    reply(context, "{}");
    EXPECT_EQ(context.finish(DAVIT_E_FAILED).reply, "");
}

TEST(CallContext, RefusesAReplyBeyondTheLimit) {
    CallOptions options;
    options.reply_limit = 4;
    CallContext exact(options);
    reply(exact, "1234");
    EXPECT_EQ(exact.finish(DAVIT_OK).reply, "1234");
    CallContext beyond(options);
    reply(beyond, "123");
    reply(beyond, "45");
    reply(beyond, "6");
    const auto outcome = beyond.finish(DAVIT_OK);
    EXPECT_EQ(outcome.status, DAVIT_E_FAILED);
    EXPECT_EQ(outcome.message, "the reply is too long");
    EXPECT_EQ(outcome.reply, "");
}

TEST(CallContext, LimitsRepliesToOneMebibyteUnlessTold) {
    CallContext context;
    reply(context, std::string(1 << 20, 'x'));
    EXPECT_EQ(context.finish(DAVIT_OK).status, DAVIT_OK);
    CallContext beyond;
    reply(beyond, std::string((1 << 20) + 1, 'x'));
    EXPECT_EQ(beyond.finish(DAVIT_OK).status, DAVIT_E_FAILED);
}

TEST(CallContext, KeepsTheLastFailureAndReturnsItsStatus) {
    CallContext context;
    EXPECT_EQ(context.raw()->fail(context.raw(), DAVIT_E_BUSY, "first", "x"), DAVIT_E_BUSY);
    context.raw()->fail(context.raw(), DAVIT_E_STATE, "second", nullptr);
    const auto outcome = context.finish(DAVIT_E_STATE);
    EXPECT_EQ(outcome.message, "second");
    EXPECT_EQ(outcome.hint, "");
}

TEST(CallContext, TakesAnUnknownStatusForAFailure) {
    for (const davit_status status : {-12, -1000, INT32_MIN, 1, 42}) {
        CallContext context;
        const auto outcome = context.finish(status);
        EXPECT_EQ(outcome.status, DAVIT_E_FAILED) << status;
        EXPECT_FALSE(outcome.message.empty());
    }
}

TEST(CallContext, HasASentenceForEveryStatusThatCameWithoutOne) {
    for (davit_status status = DAVIT_E_NO_SPACE; status < DAVIT_OK; ++status) {
        CallContext context;
        const auto outcome = context.finish(status);
        EXPECT_EQ(outcome.status, status);
        EXPECT_FALSE(outcome.message.empty()) << status;
    }
}

TEST(CallContext, SurvivesNullPointers) {
    CallContext context;
    context.raw()->reply(context.raw(), nullptr, 5);
    context.raw()->fail(context.raw(), DAVIT_E_FAILED, nullptr, nullptr);
    EXPECT_FALSE(context.finish(DAVIT_E_FAILED).message.empty());
}

TEST(CallContext, CancelsTheNextProgress) {
    CallContext context;
    EXPECT_EQ(context.raw()->progress(context.raw(), "x", 0, 0), DAVIT_OK);
    context.cancel();
    EXPECT_EQ(context.raw()->progress(context.raw(), "x", 0, 0), DAVIT_E_CANCELLED);
}

TEST(CallContext, TellsProgressAndOnlyAsksWithoutAPhase) {
    std::vector<std::string> phases;
    CallOptions options;
    options.progress = [&](const char *phase, std::uint64_t done, std::uint64_t total) {
        phases.push_back(phase == nullptr ? "-" : phase + std::to_string(done + total));
        return true;
    };
    CallContext context(options);
    context.raw()->progress(context.raw(), "copy\x1b[2J", 1, 2);
    context.raw()->progress(context.raw(), nullptr, 7, 7);
    EXPECT_EQ(phases, (std::vector<std::string>{"copy\xEF\xBF\xBD[2J3", "-"}));
}

TEST(CallContext, KeepsWhatTheProgressFunctionThrows) {
    CallOptions options;
    options.progress = [](const char *, std::uint64_t, std::uint64_t) -> bool {
        throw std::runtime_error("the terminal is gone");
    };
    CallContext context(options);
    EXPECT_EQ(context.raw()->progress(context.raw(), "x", 0, 0), DAVIT_E_CANCELLED);
    EXPECT_THROW(std::rethrow_exception(context.thrown()), std::runtime_error);
}

TEST(CallContext, ServesManyThreads) {
    int calls = 0;  // unguarded on purpose: the progress function is called once at a time
    CallOptions options;
    options.progress = [&](const char *, std::uint64_t, std::uint64_t) { return ++calls > 0; };
    CallContext context(options);
    std::array<std::thread, 4> threads;
    for (auto &thread : threads)
        thread = std::thread([&] {
            for (int n = 0; n < 1000; ++n) {
                reply(context, "x");
                context.raw()->progress(context.raw(), "x", 0, 0);
                context.raw()->fail(context.raw(), DAVIT_E_BUSY, "x", "y");
            }
        });
    for (auto &thread : threads) thread.join();
    EXPECT_EQ(calls, 4000);
    EXPECT_EQ(context.finish(DAVIT_OK).reply.size(), 4000u);
}

TEST(CallContext, NeverTurnsATimeoutIntoNone) {
    const auto milliseconds = [](std::chrono::milliseconds timeout) {
        CallOptions options;
        options.timeout = timeout;
        CallContext context(options);
        return context.raw()->timeout_ms;
    };
    EXPECT_EQ(milliseconds(std::chrono::milliseconds(0)), 0u);
    EXPECT_EQ(milliseconds(std::chrono::milliseconds(1)), 1u);
    EXPECT_EQ(milliseconds(std::chrono::hours(24 * 365)), UINT32_MAX);
}

TEST(SafeText, LeavesGoodTextAlone) {
    const std::string text =
        "Gr\xC3\xBC\xC3\x9F"
        "e \xE2\x82\xAC \xF0\x9F\x9A\xA2\tand\nmore";
    EXPECT_EQ(safe_text(text), text);
}

TEST(SafeText, ReplacesWhatIsNoUtf8) {
    const std::string r = "\xEF\xBF\xBD";
    EXPECT_EQ(safe_text("a\xFF"
                        "b"),
              "a" + r + "b");
    EXPECT_EQ(safe_text("\xC0\x80"), r + r);                  // overlong
    EXPECT_EQ(safe_text("\xED\xA0\x80"), r + r + r);          // a surrogate
    EXPECT_EQ(safe_text("\xF4\x90\x80\x80"), r + r + r + r);  // beyond U+10FFFF
    EXPECT_EQ(safe_text("\xE2\x82"), r + r);                  // cut
}

TEST(SafeText, ReplacesWhatSteersATerminal) {
    const std::string r = "\xEF\xBF\xBD";
    EXPECT_EQ(safe_text("\x1b[31mred\x07\x7f\r"), r + "[31mred" + r + r + r);
    EXPECT_EQ(safe_text("\xC2\x9B"
                        "2J"),
              r + "2J");
}

TEST(SafeText, CutsBetweenCharacters) {
    EXPECT_EQ(safe_text("\xE2\x82\xAC\xE2\x82\xAC", 5), "\xE2\x82\xAC\xE2\x80\xA6");
    EXPECT_EQ(safe_text(std::string(5000, 'x')).size(), 4096u + 3);
}

}  // namespace
