// SPDX-License-Identifier: Apache-2.0
// The bounded parser: a callback that counts the depth and refuses duplicate keys.
#include "base/json.hpp"

#include <set>
#include <vector>

namespace davit::host {
namespace {

Error bad_json(const std::string &what, const std::string &why) {
    return {"bad-json", what + ": " + why};
}

// Watches a document being parsed: how deep it is, and which keys each open object has had.
class Watch {
 public:
    Watch(const std::string &what, int depth) : what_(what), most_(depth) {}

    bool event(int depth, Json::parse_event_t event, const Json &value) {
        switch (event) {
            case Json::parse_event_t::object_start:
            case Json::parse_event_t::array_start:
                if (depth >= most_) {
                    throw bad_json(what_,
                                   "nested deeper than " + std::to_string(most_) + " levels");
                }
                keys_.emplace_back();
                break;
            case Json::parse_event_t::object_end:
            case Json::parse_event_t::array_end:
                keys_.pop_back();
                break;
            case Json::parse_event_t::key:
                if (!keys_.back().insert(value.get<std::string>()).second) {
                    throw bad_json(what_,
                                   "the key \"" + value.get<std::string>() + "\" appears twice");
                }
                break;
            case Json::parse_event_t::value:
                break;
        }
        return true;
    }

 private:
    const std::string &what_;
    int most_;
    std::vector<std::set<std::string>> keys_;
};

template <typename T>
bool holds(const Json &value);
template <>
bool holds<std::string>(const Json &value) {
    return value.is_string();
}
template <>
bool holds<bool>(const Json &value) {
    return value.is_boolean();
}
template <>
bool holds<std::int64_t>(const Json &value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>() <= INT64_MAX;
    return value.is_number_integer();
}
template <>
bool holds<std::uint64_t>(const Json &value) {
    return value.is_number_unsigned();
}
template <>
bool holds<Json>(const Json &) {
    return true;
}

template <typename T>
constexpr const char *type_name = "a value";
template <>
constexpr const char *type_name<std::string> = "a string";
template <>
constexpr const char *type_name<bool> = "true or false";
template <>
constexpr const char *type_name<std::int64_t> = "an integer";
template <>
constexpr const char *type_name<std::uint64_t> = "an integer of at least 0";

// The length of the well-formed UTF-8 sequence (RFC 3629) that `text` begins with; 0 if none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    std::size_t length = 0;
    unsigned char low = 0x80, high = 0xBF;  // the second byte's range excludes overlong forms
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    }
    if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    }
    return length;
}

}  // namespace

Json json_in(std::string_view text, const std::string &what, JsonLimits limits) {
    if (text.size() > limits.bytes) {
        throw bad_json(what, "larger than " + std::to_string(limits.bytes) + " bytes");
    }
    Watch watch{what, limits.depth};
    try {
        return Json::parse(text.begin(), text.end(),
                           [&](int depth, Json::parse_event_t event, const Json &value) {
                               return watch.event(depth, event, value);
                           });
    } catch (const Json::parse_error &error) {
        throw bad_json(what, valid_utf8(error.what()));
    } catch (const Json::out_of_range &error) {
        throw bad_json(what, valid_utf8(error.what()));
    }
}

std::string json_out(const Json &document, int indent) {
    return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

std::string valid_utf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            valid += "\xEF\xBF\xBD";
        } else {
            valid += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return valid;
}

template <typename T>
T member(const Json &object, const char *key, const std::string &what) {
    if (!object.is_object()) throw bad_json(what, "must be an object");
    const auto found = object.find(key);
    if (found == object.end()) throw bad_json(what, std::string{"\""} + key + "\" is missing");
    if (!holds<T>(*found)) {
        throw bad_json(what, std::string{"\""} + key + "\" must be " + type_name<T>);
    }
    return found->template get<T>();
}

template std::string member<std::string>(const Json &, const char *, const std::string &);
template bool member<bool>(const Json &, const char *, const std::string &);
template std::int64_t member<std::int64_t>(const Json &, const char *, const std::string &);
template std::uint64_t member<std::uint64_t>(const Json &, const char *, const std::string &);
template Json member<Json>(const Json &, const char *, const std::string &);

}  // namespace davit::host
