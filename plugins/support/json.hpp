// SPDX-License-Identifier: Apache-2.0
// JSON documents of a plugin: strict and bounded on the way in, never throwing on the way out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace davit::support {

using Json = nlohmann::json;

// Parses one document of at most `cap` bytes. What is no JSON, nested deeper than 32, or names a
// key twice is an Error of DAVIT_E_INVALID that names `what`.
Json json_in(std::string_view text, const std::string &what,
             std::size_t cap = std::size_t{1} << 20);

// Writes a document; invalid UTF-8 becomes U+FFFD. `indent` -1 is one line.
std::string json_out(const Json &document, int indent = -1);

// A member of an object. Missing, or of another type: DAVIT_E_INVALID, naming `what` and the key.
std::string text_in(const Json &object, const char *key, const std::string &what);
std::uint64_t number_in(const Json &object, const char *key, const std::string &what);
const Json &object_in(const Json &object, const char *key, const std::string &what);

}  // namespace davit::support
