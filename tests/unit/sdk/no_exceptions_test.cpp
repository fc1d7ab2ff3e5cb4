// SPDX-License-Identifier: Apache-2.0
// The plugin's side of the C++ layer, built with -fno-exceptions: failures still arrive.
#include <cstdio>
#include <davit/cxx/call_context.hpp>
#include <davit/cxx/plugin.hpp>

static_assert(!DAVIT_CXX_EXCEPTIONS, "this is to be compiled without exceptions");

namespace {

int failures = 0;

void expect(bool holds, const char *what) {
    if (holds) return;
    std::printf("FAILED: %s\n", what);
    ++failures;
}

template <typename Work>
davit::Outcome outcome_of(Work work, davit::CallOptions options = {}) {
    davit::CallContext context(std::move(options));
    return context.finish(davit::detail::guard(context.raw(), work));
}

}  // namespace

int main() {
    const auto raised = outcome_of([](davit::Call &call) {
        call.raise(DAVIT_E_STATE, "it runs", "stop it");
        return std::string("{}");
    });
    expect(raised.status == DAVIT_E_STATE, "raise() fails the call");
    expect(raised.hint == "stop it" && raised.reply.empty(), "with its hint and without a reply");

    davit::CallOptions cancelling;
    cancelling.progress = [](const char *, std::uint64_t, std::uint64_t) { return false; };
    bool went_on = true;
    const auto cancelled =
        outcome_of([&](davit::Call &call) { went_on = call.progress("x"); }, cancelling);
    expect(!went_on, "progress() says that the user gave up");
    expect(cancelled.status == DAVIT_E_CANCELLED, "and the call is cancelled");

    const auto replied = outcome_of([](davit::Call &) { return std::string("{}"); });
    expect(replied.status == DAVIT_OK && replied.reply == "{}", "a reply arrives");
    return failures == 0 ? 0 : 1;
}
