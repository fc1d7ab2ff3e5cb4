// SPDX-License-Identifier: Apache-2.0
// Statuses to Errors.
#include "plugins/border.hpp"

#include <algorithm>

namespace davit::host {
namespace {

struct Meaning {
    const char *driver_id;
    const char *mount_id;
    ExitCode code;
};

Meaning meaning(davit_status status) {
    switch (status) {
        case DAVIT_E_INVALID:
            return {"driver-invalid", "mount-invalid", ExitCode::failed};
        case DAVIT_E_UNSUPPORTED:
            return {"driver-unsupported", "mount-unsupported", ExitCode::unsupported};
        case DAVIT_E_UNAVAILABLE:
            return {"driver-unavailable", "mount-unavailable", ExitCode::unavailable};
        case DAVIT_E_STATE:
            return {"driver-state", "mount-state", ExitCode::failed};
        case DAVIT_E_NOT_FOUND:
            return {"driver-not-found", "mount-not-found", ExitCode::failed};
        case DAVIT_E_EXISTS:
            return {"driver-exists", "mount-exists", ExitCode::failed};
        case DAVIT_E_BUSY:
            return {"driver-busy", "mount-busy", ExitCode::failed};
        case DAVIT_E_TIMEOUT:
            return {"driver-timeout", "mount-timeout", ExitCode::timeout};
        case DAVIT_E_NO_SPACE:
            return {"disk-full", "disk-full", ExitCode::failed};
        default:
            return {"driver-failed", "mount-failed", ExitCode::failed};
    }
}

bool is_driver(const Manifest &manifest) {
    return manifest.kind == PluginKind::driver;
}

std::string who(const Manifest &manifest) {
    return (is_driver(manifest) ? "the driver " : "the mount ") + manifest.name;
}

// Where the plugin gives no hint.
std::string usual_hint(davit_status status, const Manifest &manifest) {
    switch (status) {
        case DAVIT_E_UNAVAILABLE:
            return who(manifest) + " does not say what to do; see its documentation";
        case DAVIT_E_NO_SPACE:
            return "free some space, and run the command again";
        default:
            return {};
    }
}

}  // namespace

davit::CallOptions border_options(const CallOptions &call) {
    davit::CallOptions options;
    if (call.deadline.bounded()) {
        // 0 would mean that there is no deadline.
        options.timeout = std::max(call.deadline.remaining(), Milliseconds{1});
    }
    options.progress = [&call](const char *phase, std::uint64_t done, std::uint64_t total) {
        if (call.cancel.requested()) return false;
        if (phase) call.progress.step(phase, done, total);
        return true;
    };
    options.reply_limit = JsonLimits{}.bytes;
    return options;
}

Error border_error(const davit::Error &error, const Manifest &manifest, const CallOptions &call) {
    if (error.status() == DAVIT_E_CANCELLED) {
        if (call.cancel.requested()) return interrupted_error();
        return border_broken(manifest, "it says that the user gave up, who did not");
    }
    const Meaning means = meaning(error.status());
    return {is_driver(manifest) ? means.driver_id : means.mount_id, error.what(),
            error.hint().empty() ? usual_hint(error.status(), manifest) : error.hint(), means.code};
}

Error border_broken(const Manifest &manifest, const std::string &why) {
    return {is_driver(manifest) ? "driver-failed" : "mount-failed",
            who(manifest) + " is broken: " + why, "tell whoever made it"};
}

Error border_bad_reply(const Manifest &manifest, const std::string &verb, const std::string &why) {
    return {is_driver(manifest) ? "driver-bad-reply" : "mount-bad-reply",
            who(manifest) + " is broken: asked for " + verb + ", " + why, "tell whoever made it"};
}

Json border_reply(const Manifest &manifest, const std::string &verb, const std::string &text) {
    try {
        return json_in(text, "the reply");
    } catch (const Error &error) {
        throw border_bad_reply(manifest, verb, error.message());
    }
}

}  // namespace davit::host
