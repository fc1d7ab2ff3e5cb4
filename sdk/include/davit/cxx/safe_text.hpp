// SPDX-License-Identifier: Apache-2.0
// Text from the other side, made fit for a terminal.
#ifndef DAVIT_CXX_SAFE_TEXT_HPP
#define DAVIT_CXX_SAFE_TEXT_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace davit {
inline namespace v1_0 {
namespace detail {

// The length of the well-formed UTF-8 sequence (Unicode 15, table 3-7) that `text` begins with, or
// 0.
inline std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead < 0xC2   ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || text.size() < length) return 0;
    const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i)
        if (byte(i) < 0x80 || byte(i) > 0xBF) return 0;
    return length;
}

// A control character other than a line feed or a tab: it could steer the terminal.
inline bool is_control(std::string_view sequence) {
    const auto lead = static_cast<unsigned char>(sequence[0]);
    if (sequence.size() == 1) return (lead < 0x20 && lead != '\n' && lead != '\t') || lead == 0x7F;
    return lead == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

}  // namespace detail

// Returns `text` with U+FFFD for whatever is no UTF-8 or a control character, cut at `limit` bytes.
inline std::string safe_text(std::string_view text, std::size_t limit = 4096) {
    std::string safe;
    while (!text.empty()) {
        const std::size_t length = detail::sequence_length(text);
        const std::string_view sequence = text.substr(0, length == 0 ? 1 : length);
        const bool bad = length == 0 || detail::is_control(sequence);
        const std::string_view shown = bad ? std::string_view("\xEF\xBF\xBD") : sequence;
        if (safe.size() + shown.size() > limit) return safe + "\xE2\x80\xA6";
        safe += shown;
        text.remove_prefix(sequence.size());
    }
    return safe;
}

}  // namespace v1_0
}  // namespace davit

#endif
