// SPDX-License-Identifier: Apache-2.0
// JSON at the border: strict and bounded on the way in, never throwing on the way out.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace davit::host {

using Json = nlohmann::json;

struct JsonLimits {
    std::size_t bytes = std::size_t{1} << 20;
    int depth = 32;
};
constexpr JsonLimits manifest_limits{std::size_t{64} << 10, 32};

// Parses one document. Throws Error "bad-json", naming `what` and the place, for text that is no
// JSON, duplicate keys, invalid UTF-8, and anything beyond the limits.
Json json_in(std::string_view text, const std::string &what, JsonLimits limits = {});

// Writes a document; invalid UTF-8 becomes U+FFFD. `indent` -1 is one line.
std::string json_out(const Json &document, int indent = -1);

// Returns `text` with every invalid UTF-8 sequence replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// Typed access to an object's members. A member that is missing (unless a fallback is given) or of
// another type is Error "bad-json", naming `what` and the key; nothing is converted.
template <typename T>
T member(const Json &object, const char *key, const std::string &what);
template <typename T>
T member_or(const Json &object, const char *key, T fallback, const std::string &what);

extern template std::string member<std::string>(const Json &, const char *, const std::string &);
extern template bool member<bool>(const Json &, const char *, const std::string &);
extern template std::int64_t member<std::int64_t>(const Json &, const char *, const std::string &);
extern template std::uint64_t member<std::uint64_t>(const Json &, const char *,
                                                    const std::string &);
extern template Json member<Json>(const Json &, const char *, const std::string &);

template <typename T>
T member_or(const Json &object, const char *key, T fallback, const std::string &what) {
    if (object.is_object() && !object.contains(key)) return fallback;
    return member<T>(object, key, what);
}

}  // namespace davit::host
