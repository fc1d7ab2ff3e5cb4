// SPDX-License-Identifier: Apache-2.0
// Parsing of sizes, in whole numbers throughout.
#include "cli/size.hpp"

#include <fmt/format.h>

#include <cctype>

#include "cli/command.hpp"

namespace davit::host {
namespace {

constexpr std::uint64_t largest = std::uint64_t{1} << 60;

Error bad_size(const std::string &text, const std::string &option) {
    return usage_error(fmt::format("\"{}\" is no size for {}", text, option),
                       "write for example 512M, 1G or 1.5GiB");
}

// What stands behind the digits, as a power of two: "" 0, "K" 10, "MiB" 20. -1: no unit.
int unit_shift(std::string unit) {
    for (char &c : unit) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (unit.empty()) return 0;
    const std::size_t at = std::string{"KMG"}.find(unit[0]);
    const std::string rest = unit.substr(1);
    if (at == std::string::npos || !(rest.empty() || rest == "B" || rest == "IB")) return -1;
    return static_cast<int>(at + 1) * 10;
}

}  // namespace

std::uint64_t parse_size(const std::string &text, const std::string &option) {
    std::size_t at = 0;
    std::uint64_t whole = 0;
    for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])); ++at) {
        whole = whole * 10 + static_cast<std::uint64_t>(text[at] - '0');
        if (whole > largest) throw bad_size(text, option);
    }
    if (at == 0) throw bad_size(text, option);
    std::uint64_t tenths = 0, scale = 1;
    const bool fraction = at < text.size() && text[at] == '.';
    if (fraction) {
        const std::size_t first = ++at;
        for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])); ++at) {
            if (scale >= 1000000) continue;  // finer than a byte of a mebibyte
            tenths = tenths * 10 + static_cast<std::uint64_t>(text[at] - '0');
            scale *= 10;
        }
        if (at == first) throw bad_size(text, option);
    }
    const int shift = unit_shift(text.substr(at));
    if (shift < 0 || (fraction && shift == 0) || whole > (largest >> shift)) {
        throw bad_size(text, option);
    }
    return (whole << shift) + (tenths << shift) / scale;
}

}  // namespace davit::host
