// SPDX-License-Identifier: Apache-2.0
// A plugin's request to a service of the host, made on behalf of the host's request to the plugin.
#ifndef DAVIT_CXX_SERVICE_CALL_HPP
#define DAVIT_CXX_SERVICE_CALL_HPP

#include <algorithm>
#include <string>

#include "call.hpp"
#include "call_context.hpp"

namespace davit {
inline namespace v1_0 {

// Progress and cancellation go through to the outer call, and its deadline holds here too.
class ServiceCall {
 public:
    // `limit` is a deadline of its own, if it is shorter than what the outer call has left; 0:
    // none.
    explicit ServiceCall(Call &outer, std::chrono::milliseconds limit = {})
        : outer_(outer), context_(options(outer, limit)) {}

    davit_call *raw() { return context_.raw(); }

    // Returns the reply to a service function that returned `status`, or fails as it did.
    std::string finish(davit_status status) {
        const Outcome outcome = context_.finish(status);
        if (outcome.status == DAVIT_OK) return outcome.reply;
#if DAVIT_CXX_EXCEPTIONS
        if (outcome.status == DAVIT_E_CANCELLED) throw Cancelled();
#endif
        outer_.raise(outcome.status, outcome.message, outcome.hint);
        return {};
    }

 private:
    static CallOptions options(Call &outer, std::chrono::milliseconds limit) {
        CallOptions options;
        options.timeout = limit;
        if (outer.deadline() != Call::Clock::time_point::max()) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                outer.deadline() - Call::Clock::now());
            // 0 would mean that there is no deadline.
            const auto at_least_one = std::max(left, std::chrono::milliseconds(1));
            options.timeout = limit.count() == 0 ? at_least_one : std::min(limit, at_least_one);
        }
        options.progress = [raw = outer.raw()](const char *phase, std::uint64_t done,
                                               std::uint64_t total) {
            return raw->progress(raw, phase, done, total) == DAVIT_OK;
        };
        options.reply_limit = std::size_t{64} << 20;  // the output of tools
        return options;
    }

    Call &outer_;
    CallContext context_;
};

}  // namespace v1_0
}  // namespace davit

#endif
