// SPDX-License-Identifier: Apache-2.0
// One call into a plugin: the davit_call that it gets, and what comes back, as documents and
// Errors.
#pragma once

#include <davit/base.h>

#include <exception>
#include <mutex>
#include <string>

#include "plugins/driver.hpp"

namespace davit::host {

// Lives on the stack for the length of one call. The plugin may use its davit_call on any thread.
class BorderCall {
 public:
    BorderCall(const CallOptions &options, const Manifest &manifest);
    BorderCall(const BorderCall &) = delete;
    BorderCall &operator=(const BorderCall &) = delete;

    // Calls `function(davit_call *)`, which returns a davit_status. Throws the Error that any other
    // status than DAVIT_OK stands for, "driver-..." or "mount-..." by the plugin's kind.
    template <typename Function>
    void run(const Function &function) {
        options_.cancel.check();
        davit_status status = DAVIT_E_FAILED;
        try {
            status = function(&call_);
        } catch (...) {
            throw threw();
        }
        if (status != DAVIT_OK || failure_) fail(status);
    }

    // The reply as a document. Error "driver-bad-reply" if it is none.
    Json reply(const char *verb) const;

    // The Error for a reply that is a document but not the one that was asked for.
    Error bad_reply(const char *verb, const std::string &why) const;

    // The Cancel behind a davit_call that a plugin passes back to a host service; NULL if the
    // plugin made that davit_call itself.
    static const Cancel *cancel_of(const davit_call *call);

 private:
    static void on_reply(davit_call *call, const char *json, size_t size) noexcept;
    static davit_status on_fail(davit_call *call, davit_status status, const char *message,
                                const char *hint) noexcept;
    static davit_status on_progress(davit_call *call, const char *phase, uint64_t done,
                                    uint64_t total) noexcept;
    static BorderCall &self(davit_call *call) { return *static_cast<BorderCall *>(call->ctx); }

    [[noreturn]] void fail(davit_status status) const;
    Error threw() const;
    std::string prefix() const;
    std::string who() const;

    const CallOptions &options_;
    const Manifest &manifest_;
    davit_call call_;
    std::mutex mutex_;  // of what follows
    std::string reply_;
    std::string message_;
    std::string hint_;
    std::exception_ptr failure_;  // of the host, inside a callback
};

}  // namespace davit::host
