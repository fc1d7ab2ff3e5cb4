// SPDX-License-Identifier: Apache-2.0
// Statuses to Errors, and the callbacks, none of which lets an exception into the plugin.
#include "plugins/border.hpp"

#include <algorithm>

namespace davit::host {
namespace {

constexpr std::size_t longest_text = 4096;  // of a message or a hint

std::string text(const char *from) {
    if (!from) return {};
    return valid_utf8(std::string_view{from}.substr(0, longest_text));
}

std::uint32_t timeout_ms(const Deadline &deadline) {
    if (!deadline.bounded()) return 0;
    const auto left = std::clamp<std::int64_t>(deadline.remaining().count(), 1, UINT32_MAX);
    return static_cast<std::uint32_t>(left);
}

struct Meaning {
    const char *word;    // of the id, behind "driver-" or "mount-"
    const char *reason;  // said where the plugin says nothing
    ExitCode code;
};

Meaning meaning(davit_status status) {
    switch (status) {
        case DAVIT_E_INVALID:
            return {"invalid", "the request is not valid", ExitCode::failed};
        case DAVIT_E_UNSUPPORTED:
            return {"unsupported", "it cannot do this", ExitCode::unsupported};
        case DAVIT_E_UNAVAILABLE:
            return {"unavailable", "it does not work on this computer", ExitCode::unavailable};
        case DAVIT_E_STATE:
            return {"state", "not in the present state", ExitCode::failed};
        case DAVIT_E_NOT_FOUND:
            return {"not-found", "it does not exist", ExitCode::failed};
        case DAVIT_E_EXISTS:
            return {"exists", "it exists already", ExitCode::failed};
        case DAVIT_E_BUSY:
            return {"busy", "somebody else is using it", ExitCode::failed};
        case DAVIT_E_TIMEOUT:
            return {"timeout", "the time was up", ExitCode::timeout};
        default:
            return {"failed", "it gives no reason", ExitCode::failed};
    }
}

}  // namespace

BorderCall::BorderCall(const CallOptions &options, const Manifest &manifest)
    : options_(options), manifest_(manifest), call_{sizeof(davit_call),
                                                    this,
                                                    timeout_ms(options.deadline),
                                                    0,
                                                    on_reply,
                                                    on_fail,
                                                    on_progress} {}

std::string BorderCall::prefix() const {
    return manifest_.kind == PluginKind::driver ? "driver-" : "mount-";
}

std::string BorderCall::who() const {
    return (manifest_.kind == PluginKind::driver ? "the driver " : "the mount ") + manifest_.name;
}

Error BorderCall::threw() const {
    return {prefix() + "failed", who() + " is broken: it threw an exception at davit",
            "tell whoever made it"};
}

void BorderCall::fail(davit_status status) const {
    if (failure_) std::rethrow_exception(failure_);
    if (status == DAVIT_E_CANCELLED && options_.cancel.requested()) throw interrupted_error();
    const Meaning means = meaning(status);
    std::string message = message_;
    if (message.empty()) {
        message = who() + " refused: " + means.reason + " (status " + std::to_string(status) + ")";
    }
    if (status == DAVIT_E_NO_SPACE) {
        throw Error{"disk-full", message,
                    hint_.empty() ? "free some space, and run the command again" : hint_};
    }
    std::string hint = hint_;
    if (hint.empty() && status == DAVIT_E_UNAVAILABLE) {
        hint = who() + " does not say what is missing; see its documentation";
    }
    throw Error{prefix() + means.word, message, hint, means.code};
}

Json BorderCall::reply(const char *verb) const {
    try {
        return json_in(reply_, "the reply");
    } catch (const Error &error) {
        throw bad_reply(verb, error.message());
    }
}

Error BorderCall::bad_reply(const char *verb, const std::string &why) const {
    return {prefix() + "bad-reply", who() + " is broken: asked for " + verb + ", " + why,
            "tell whoever made it"};
}

const Cancel *BorderCall::cancel_of(const davit_call *call) {
    if (call->progress != on_progress) return nullptr;
    return &static_cast<BorderCall *>(call->ctx)->options_.cancel;
}

void BorderCall::on_reply(davit_call *call, const char *json, size_t size) noexcept {
    BorderCall &border = self(call);
    const std::lock_guard lock{border.mutex_};
    try {
        // One byte beyond the limit is enough for json_in() to refuse it.
        const std::size_t room = JsonLimits{}.bytes + 1 - border.reply_.size();
        border.reply_.append(json, std::min(size, room));
    } catch (...) {
        border.failure_ = std::current_exception();
    }
}

davit_status BorderCall::on_fail(davit_call *call, davit_status status, const char *message,
                                 const char *hint) noexcept {
    BorderCall &border = self(call);
    const std::lock_guard lock{border.mutex_};
    try {
        border.message_ = text(message);
        border.hint_ = text(hint);
    } catch (...) {
        border.failure_ = std::current_exception();
    }
    return status;
}

davit_status BorderCall::on_progress(davit_call *call, const char *phase, uint64_t done,
                                     uint64_t total) noexcept {
    BorderCall &border = self(call);
    if (border.options_.cancel.requested()) return DAVIT_E_CANCELLED;
    if (!phase) return DAVIT_OK;
    try {
        border.options_.progress.step(text(phase), done, total);
    } catch (...) {
        const std::lock_guard lock{border.mutex_};
        border.failure_ = std::current_exception();
        return DAVIT_E_CANCELLED;  // the plugin undoes its work; run() then throws the failure
    }
    return DAVIT_OK;
}

}  // namespace davit::host
