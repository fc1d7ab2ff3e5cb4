// SPDX-License-Identifier: Apache-2.0
// Parses with a callback that sees depth and keys, which nlohmann/json does not check itself.
#include "json.hpp"

#include <davit/cxx/plugin.hpp>
#include <set>
#include <vector>

namespace davit::support {

namespace {

constexpr int max_depth = 32;

Error invalid(const std::string &what, const std::string &why) {
    return Error(DAVIT_E_INVALID, what + ": " + why);
}

const Json &member(const Json &object, const char *key, const std::string &what) {
    if (!object.is_object()) throw invalid(what, "it is not an object");
    const auto found = object.find(key);
    if (found == object.end()) throw invalid(what, '"' + std::string(key) + "\" is missing");
    return *found;
}

Error wrong_type(const char *key, const std::string &what, const char *wanted) {
    return invalid(what, '"' + std::string(key) + "\" is not " + wanted);
}

}  // namespace

Json json_in(std::string_view text, const std::string &what, std::size_t cap) {
    if (text.size() > cap) throw invalid(what, "the document is too large");
    std::vector<std::set<std::string>> keys;
    const auto check = [&](int depth, Json::parse_event_t event, Json &parsed) {
        using Event = Json::parse_event_t;
        if (event == Event::object_start || event == Event::array_start) {
            if (depth >= max_depth) throw invalid(what, "the document is nested too deeply");
            keys.emplace_back();
        } else if (event == Event::object_end || event == Event::array_end) {
            keys.pop_back();
        } else if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second) {
            throw invalid(what, "the key " + json_out(parsed) + " appears twice");
        }
        return true;
    };
    try {
        return Json::parse(text, check);
    } catch (const Json::parse_error &error) {
        throw invalid(what, "no JSON at byte " + std::to_string(error.byte));
    }
}

std::string json_out(const Json &document, int indent) {
    return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string text_in(const Json &object, const char *key, const std::string &what) {
    const Json &found = member(object, key, what);
    if (!found.is_string()) throw wrong_type(key, what, "a string");
    auto text = found.get<std::string>();
    if (text.find('\0') != std::string::npos) throw wrong_type(key, what, "free of NUL bytes");
    return text;
}

std::uint64_t number_in(const Json &object, const char *key, const std::string &what) {
    const Json &found = member(object, key, what);
    if (!found.is_number_unsigned()) throw wrong_type(key, what, "a whole number");
    return found.get<std::uint64_t>();
}

const Json &object_in(const Json &object, const char *key, const std::string &what) {
    const Json &found = member(object, key, what);
    if (!found.is_object()) throw wrong_type(key, what, "an object");
    return found;
}

}  // namespace davit::support
