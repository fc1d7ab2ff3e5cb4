// SPDX-License-Identifier: Apache-2.0
// Character by character, in ASCII whatever the locale.
#include "plugins/names.hpp"

#include <algorithm>

namespace davit::host {
namespace {

bool lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool digit(char c) {
    return c >= '0' && c <= '9';
}
bool letter(char c) {
    return lower(c) || (c >= 'A' && c <= 'Z');
}

bool only(std::string_view text, std::size_t most, std::string_view marks, bool (*also)(char)) {
    return !text.empty() && text.size() <= most &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return digit(c) || also(c) || marks.find(c) != std::string_view::npos;
           });
}

}  // namespace

bool is_plugin_name(std::string_view text) {
    return only(text, 63, "-", lower) && lower(text.front());
}

bool is_plugin_id(std::string_view text) {
    const bool empty_label =
        text.starts_with('.') || text.ends_with('.') || text.find("..") != std::string_view::npos;
    return only(text, 128, "-.", lower) && !empty_label && text.find('.') != std::string_view::npos;
}

bool is_capability_id(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const std::string_view revision = text.substr(slash + 1);
    return is_plugin_id(text.substr(0, slash)) && only(revision, 4, "", digit) &&
           revision.front() != '0';
}

bool is_version(std::string_view text) {
    return only(text, 64, ".+-~", letter) && digit(text.front());
}

bool is_bare_file_name(std::string_view text) {
    return only(text, 128, ".-_", letter) && (digit(text.front()) || letter(text.front()));
}

}  // namespace davit::host
