// SPDX-License-Identifier: Apache-2.0
// What a plugin throws arrives as a status, a message and a hint.
#include <gtest/gtest.h>

#include <davit/cxx/call_context.hpp>
#include <davit/cxx/guard.hpp>

namespace {

template <typename Work>
davit::Outcome outcome_of(Work work, davit::CallOptions options = {}) {
    davit::CallContext context(std::move(options));
    return context.finish(davit::detail::guard(context.raw(), work));
}

TEST(Guard, PassesTheReplyOn) {
    const auto outcome = outcome_of([](davit::Call &) { return std::string("{\"a\":1}"); });
    EXPECT_EQ(outcome.status, DAVIT_OK);
    EXPECT_EQ(outcome.reply, "{\"a\":1}");
}

TEST(Guard, TurnsAnErrorIntoItsStatusMessageAndHint) {
    const auto outcome = outcome_of(
        [](davit::Call &) { throw davit::Error(DAVIT_E_STATE, "it runs", "stop it first"); });
    EXPECT_EQ(outcome.status, DAVIT_E_STATE);
    EXPECT_EQ(outcome.message, "it runs");
    EXPECT_EQ(outcome.hint, "stop it first");
}

TEST(Guard, TurnsAnyExceptionIntoFailedWithItsText) {
    const auto outcome = outcome_of([](davit::Call &) { throw std::logic_error("no such thing"); });
    EXPECT_EQ(outcome.status, DAVIT_E_FAILED);
    EXPECT_EQ(outcome.message, "no such thing");
}

TEST(Guard, TurnsThrow42IntoFailed) {
    const auto outcome = outcome_of([](davit::Call &) { throw 42; });
    EXPECT_EQ(outcome.status, DAVIT_E_FAILED);
    EXPECT_FALSE(outcome.message.empty());
}

TEST(Guard, TurnsBadAllocIntoFailed) {
    const auto outcome = outcome_of([](davit::Call &) { throw std::bad_alloc(); });
    EXPECT_EQ(outcome.status, DAVIT_E_FAILED);
    EXPECT_EQ(outcome.message, "there is not enough memory");
}

TEST(Guard, KnowsAFullDisk) {
    const auto outcome = outcome_of([](davit::Call &) {
        throw std::system_error(std::make_error_code(std::errc::no_space_on_device), "writing");
    });
    EXPECT_EQ(outcome.status, DAVIT_E_NO_SPACE);
}

TEST(Guard, NeverTakesAnErrorForSuccess) {
    const auto outcome = outcome_of([](davit::Call &) { throw davit::Error(DAVIT_OK, "odd"); });
    EXPECT_EQ(outcome.status, DAVIT_E_FAILED);
}

TEST(Error, IsNeverASuccess) {
    EXPECT_EQ(davit::Error(DAVIT_OK, "odd").status(), DAVIT_E_FAILED);
    EXPECT_EQ(davit::Error(1, "odd").status(), DAVIT_E_FAILED);
}

TEST(Guard, FailsWithoutAnExceptionAndDropsTheReply) {
    const auto outcome = outcome_of([](davit::Call &call) {
        call.fail(DAVIT_E_BUSY, "in use");
        return std::string("{}");
    });
    EXPECT_EQ(outcome.status, DAVIT_E_BUSY);
    EXPECT_EQ(outcome.message, "in use");
    EXPECT_EQ(outcome.reply, "");
}

TEST(Guard, UndoesTheWorkOfACancelledCall) {
    struct Undo {
        bool &undone;
        ~Undo() { undone = true; }
    };
    bool undone = false;
    davit::CallOptions options;
    options.progress = [](const char *, std::uint64_t done, std::uint64_t) { return done < 3; };
    std::uint64_t reached = 0;
    const auto outcome = outcome_of(
        [&](davit::Call &call) {
            const Undo undo{undone};
            while (true) call.progress("copying", ++reached, 10);
        },
        options);
    EXPECT_EQ(outcome.status, DAVIT_E_CANCELLED);
    EXPECT_EQ(reached, 3u);
    EXPECT_TRUE(undone);
}

TEST(Call, HasTheDeadlineThatItWasGiven) {
    davit::CallOptions options;
    options.timeout = std::chrono::hours(1);
    outcome_of(
        [](davit::Call &call) {
            const auto left = call.deadline() - davit::Call::Clock::now();
            EXPECT_GT(left, std::chrono::minutes(30));
            EXPECT_LE(left, std::chrono::hours(1));
            EXPECT_FALSE(call.expired());
        },
        options);
}

TEST(Call, WithoutATimeoutNeverExpires) {
    outcome_of([](davit::Call &call) {
        EXPECT_EQ(call.deadline(), davit::Call::Clock::time_point::max());
        EXPECT_FALSE(call.expired());
    });
}

}  // namespace
