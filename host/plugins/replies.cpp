// SPDX-License-Identifier: Apache-2.0
// The rules of inspect-1.json and probe-1.json, in code, since replies are read on every command.
#include "plugins/replies.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

namespace davit::host {
namespace {

const std::string what = "the reply";

[[noreturn]] void fault(const std::string &why) {
    throw Error{"bad-json", what + ": " + why};
}

// Turns what member() and fault() throw into a value.
std::optional<std::string> first_fault(const std::function<void()> &check) {
    try {
        check();
        return std::nullopt;
    } catch (const Error &error) {
        return error.message();
    }
}

std::string non_empty(const Json &object, const char *key) {
    std::string text = member<std::string>(object, key, what);
    if (text.empty()) fault("\"" + std::string{key} + "\" must not be empty");
    return text;
}

void check_strings(const Json &object, const char *key) {
    const Json list = member_or<Json>(object, key, Json::array(), what);
    const bool strings =
        list.is_array() &&
        std::all_of(list.begin(), list.end(), [](const Json &item) { return item.is_string(); });
    if (!strings) fault("\"" + std::string{key} + "\" must be an array of strings");
}

void check_ssh(const Json &ssh) {
    non_empty(ssh, "host");
    const auto port = member<std::uint64_t>(ssh, "port", what);
    if (port < 1 || port > 65535) fault("\"port\" must be from 1 to 65535");
    if (ssh.contains("user")) non_empty(ssh, "user");
}

void check_inspect(const Json &reply) {
    constexpr std::array<std::string_view, 5> states{"stopped", "running", "paused", "suspended",
                                                     "unknown"};
    const std::string state = member<std::string>(reply, "state", what);
    if (std::find(states.begin(), states.end(), state) == states.end()) {
        fault("\"state\" must not be \"" + valid_utf8(state) + "\"");
    }
    if (state == "unknown" || reply.contains("reason")) non_empty(reply, "reason");
    check_strings(reply, "addresses");
    if (reply.contains("ssh")) {
        if (state != "running") fault("\"ssh\" must be absent unless the machine is running");
        check_ssh(reply["ssh"]);
    }
    if (reply.contains("console") && !non_empty(reply, "console").starts_with('/')) {
        fault("\"console\" must be an absolute path");
    }
    if (reply.contains("pid") && member<std::uint64_t>(reply, "pid", what) == 0) {
        fault("\"pid\" must be positive");
    }
}

void check_probe(const Json &reply, const Manifest &manifest) {
    non_empty(reply, "version");
    check_strings(reply, "notes");
    const Json unavailable = member_or<Json>(reply, "unavailable", Json::object(), what);
    if (!unavailable.is_object()) fault("\"unavailable\" must be an object");
    for (const auto &[id, why] : unavailable.items()) {
        if (!manifest.provides_id(id)) fault("\"unavailable\" names an id that is not declared");
        non_empty(why, "reason");
        non_empty(why, "hint");
        if (!member_or<Json>(why, "parameters", Json::object(), what).is_object()) {
            fault("\"parameters\" must be an object");
        }
    }
}

}  // namespace

std::optional<std::string> inspect_fault(const Json &reply) {
    return first_fault([&] { check_inspect(reply); });
}

std::optional<std::string> probe_fault(const Json &reply, const Manifest &manifest) {
    return first_fault([&] { check_probe(reply, manifest); });
}

}  // namespace davit::host
