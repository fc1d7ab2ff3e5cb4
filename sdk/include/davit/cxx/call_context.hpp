// SPDX-License-Identifier: Apache-2.0
// A request as the one who makes it sees it: collects what the other side says.
#ifndef DAVIT_CXX_CALL_CONTEXT_HPP
#define DAVIT_CXX_CALL_CONTEXT_HPP

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "error.hpp"
#include "safe_text.hpp"
#include "status.hpp"

namespace davit {
inline namespace v1_0 {

// How a request ended.
struct Outcome {
    davit_status status = DAVIT_OK;
    std::string reply;    // the document, unparsed; empty unless the status is DAVIT_OK
    std::string message;  // printable UTF-8; never empty unless the status is DAVIT_OK
    std::string hint;
};

// What bounds and watches a request.
struct CallOptions {
    // Returns false to cancel. Gets printable UTF-8, or NULL when it is only asked whether to go
    // on. Called on the other side's threads, one at a time. What it throws cancels the request.
    using Progress =
        std::function<bool(const char *phase, std::uint64_t done, std::uint64_t total)>;

    std::chrono::milliseconds timeout{0};  // 0: none
    Progress progress = {};
    std::size_t reply_limit = std::size_t{1} << 20;  // a longer reply is a failure
};

// Serves one request: make it, pass raw() to a function of the border, and give what that returns
// to finish(). The other side may use it on any thread until then. cancel() is thread-safe too.
class CallContext {
 public:
    explicit CallContext(CallOptions options = {}) : options_(std::move(options)) {
        raw_.struct_size = sizeof(davit_call);
        raw_.ctx = this;
        raw_.timeout_ms = bounded(options_.timeout);
        raw_.flags = 0;
        raw_.reply = on_reply;
        raw_.fail = on_fail;
        raw_.progress = on_progress;
    }
    CallContext(const CallContext &) = delete;
    CallContext &operator=(const CallContext &) = delete;

    davit_call *raw() { return &raw_; }

    // Makes the next progress() of the other side return DAVIT_E_CANCELLED.
    void cancel() noexcept { cancelled_.store(true); }
    bool cancelled() const noexcept { return cancelled_.load(); }

    Outcome finish(davit_status status);

    // What the progress function threw, or null.
    std::exception_ptr thrown() const { return thrown_; }

 private:
    static std::uint32_t bounded(std::chrono::milliseconds timeout) {
        if (timeout.count() <= 0) return 0;
        return timeout.count() < UINT32_MAX ? static_cast<std::uint32_t>(timeout.count())
                                            : UINT32_MAX;
    }
    static CallContext &of(davit_call *call) { return *static_cast<CallContext *>(call->ctx); }

    static void DAVIT_ABI on_reply(davit_call *call, const char *json, std::size_t size) noexcept;
    static davit_status DAVIT_ABI on_fail(davit_call *call, davit_status status,
                                          const char *message, const char *hint) noexcept;
    static davit_status DAVIT_ABI on_progress(davit_call *call, const char *phase,
                                              std::uint64_t done, std::uint64_t total) noexcept;
    bool tell(const char *phase, std::uint64_t done, std::uint64_t total);

    CallOptions options_;
    davit_call raw_{};
    std::atomic<bool> cancelled_{false};
    std::mutex mutex_;           // of what stands below
    std::mutex progress_mutex_;  // one progress function at a time; thrown_
    std::exception_ptr thrown_;
    std::string reply_;
    std::string message_;
    std::string hint_;
    const char *lost_ = nullptr;  // why the reply is incomplete
};

inline void CallContext::on_reply(davit_call *call, const char *json, std::size_t size) noexcept {
    CallContext &self = of(call);
    const std::lock_guard<std::mutex> lock(self.mutex_);
    if (json == nullptr || size == 0 || self.lost_ != nullptr) return;
    if (size > self.options_.reply_limit - self.reply_.size()) {
        self.lost_ = "the reply is too long";
        return;
    }
    DAVIT_CXX_TRY {
        self.reply_.append(json, size);
    }
    DAVIT_CXX_CATCH_ALL {
        self.lost_ = "there is not enough memory for the reply";
    }
}

inline davit_status CallContext::on_fail(davit_call *call, davit_status status, const char *message,
                                         const char *hint) noexcept {
    CallContext &self = of(call);
    const std::lock_guard<std::mutex> lock(self.mutex_);
    DAVIT_CXX_TRY {
        self.message_ = safe_text(message == nullptr ? "" : message);
        self.hint_ = safe_text(hint == nullptr ? "" : hint);
    }
    DAVIT_CXX_CATCH_ALL {}
    return status;
}

inline davit_status CallContext::on_progress(davit_call *call, const char *phase,
                                             std::uint64_t done, std::uint64_t total) noexcept {
    CallContext &self = of(call);
    if (self.cancelled()) return DAVIT_E_CANCELLED;
    if (!self.options_.progress) return DAVIT_OK;
    const std::lock_guard<std::mutex> lock(self.progress_mutex_);
    DAVIT_CXX_TRY {
        if (!self.tell(phase, done, total)) self.cancel();
    }
    DAVIT_CXX_CATCH_ALL {
        self.thrown_ = std::current_exception();
        self.cancel();
    }
    return self.cancelled() ? DAVIT_E_CANCELLED : DAVIT_OK;
}

inline bool CallContext::tell(const char *phase, std::uint64_t done, std::uint64_t total) {
    if (phase == nullptr) return options_.progress(nullptr, 0, 0);
    return options_.progress(safe_text(phase).c_str(), done, total);
}

inline Outcome CallContext::finish(davit_status status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    Outcome outcome;
    outcome.status = known(status) ? status : DAVIT_E_FAILED;
    if (outcome.status == DAVIT_OK && lost_ == nullptr) {
        outcome.reply = std::move(reply_);
        return outcome;
    }
    if (outcome.status == DAVIT_OK) {
        outcome.status = DAVIT_E_FAILED;
        outcome.message = lost_;
        return outcome;
    }
    outcome.message = message_.empty() ? describe(outcome.status) : std::move(message_);
    outcome.hint = std::move(hint_);
    return outcome;
}

}  // namespace v1_0
}  // namespace davit

#endif
