// SPDX-License-Identifier: Apache-2.0
// A request as the plugin sees it: where to fail, to report progress, and how long it may take.
#ifndef DAVIT_CXX_CALL_HPP
#define DAVIT_CXX_CALL_HPP

#include <chrono>
#include <cstdint>
#include <string>

#include "error.hpp"

namespace davit {
inline namespace v1_0 {

// Made by the layer for each request and valid until the method that got it returns. progress() may
// be called on any thread; the rest belongs to the thread that the method runs on.
class Call {
 public:
    using Clock = std::chrono::steady_clock;

    explicit Call(davit_call *raw)
        : raw_(raw),
          deadline_(raw->timeout_ms == 0
                        ? Clock::time_point::max()
                        : Clock::now() + std::chrono::milliseconds(raw->timeout_ms)) {}
    Call(const Call &) = delete;
    Call &operator=(const Call &) = delete;

    // Says what is going on, and how far: see davit_call.progress. Throws Cancelled once the user
    // gave up. Without exceptions: fails the call, and returns false from then on.
    bool progress(const char *phase, std::uint64_t done = 0, std::uint64_t total = 0) {
        if (raw_->progress(raw_, phase, done, total) == DAVIT_OK) return true;
#if DAVIT_CXX_EXCEPTIONS
        throw Cancelled();
#else
        fail(DAVIT_E_CANCELLED, "cancelled");
        return false;
#endif
    }

    // Asks only whether to go on.
    bool progress() {
        return progress(nullptr);
    }

    // When the call should be over; time_point::max() if it may take as long as it wants.
    Clock::time_point deadline() const {
        return deadline_;
    }
    bool expired() const {
        return Clock::now() >= deadline_;
    }

    // Makes the call fail without an exception: the method then returns, and what it returns is not
    // used. Only the last failure counts.
    void fail(davit_status status, const char *message, const char *hint = nullptr) {
        status_ = status < 0 ? status : DAVIT_E_FAILED;
        raw_->fail(raw_, status_, message, hint != nullptr && *hint != '\0' ? hint : nullptr);
    }

    // Throws an Error. Without exceptions: fails the call and returns.
    void raise(davit_status status, const std::string &message, const std::string &hint = {}) {
#if DAVIT_CXX_EXCEPTIONS
        throw Error(status, message, hint);
#else
        fail(status, message.c_str(), hint.c_str());
#endif
    }

    // What the call fails with, or DAVIT_OK.
    davit_status status() const {
        return status_;
    }

    void reply(const std::string &json) {
        raw_->reply(raw_, json.data(), json.size());
    }
    davit_call *raw() const {
        return raw_;
    }

 private:
    davit_call *raw_;
    Clock::time_point deadline_;
    davit_status status_ = DAVIT_OK;
};

}  // namespace v1_0
}  // namespace davit

#endif
