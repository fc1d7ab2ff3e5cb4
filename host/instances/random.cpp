// SPDX-License-Identifier: Apache-2.0
// Randomness from the kernel: getrandom(2).
#include "instances/random.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <string_view>

#include "base/error.hpp"

namespace davit::host {
namespace {

template <std::size_t N>
std::array<unsigned char, N> random_bytes() {
    std::array<unsigned char, N> bytes{};
    if (::getrandom(bytes.data(), N, 0) != static_cast<ssize_t>(N)) {
        throw system_error(errno, "read random bytes");
    }
    return bytes;
}

constexpr std::array<std::string_view, 32> adjectives{
    "able",  "amber", "brave", "brisk",  "bright", "calm",  "clear", "deft",
    "eager", "early", "fair",  "fine",   "fleet",  "fresh", "glad",  "grand",
    "hardy", "keen",  "light", "lively", "merry",  "mild",  "noble", "plucky",
    "proud", "quick", "quiet", "ready",  "sound",  "stout", "swift", "trim"};
constexpr std::array<std::string_view, 32> boats{
    "barge",   "bark",     "brig",  "canoe",  "caravel", "catboat", "clipper", "cog",
    "coracle", "cutter",   "dhow",  "dinghy", "dory",    "felucca", "ferry",   "galley",
    "gig",     "junk",     "kayak", "ketch",  "lighter", "lugger",  "packet",  "pinnace",
    "punt",    "schooner", "sloop", "skiff",  "tender",  "trawler", "wherry",  "yawl"};

}  // namespace

std::string make_uuid() {
    auto bytes = random_bytes<16>();
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
    std::string uuid;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) uuid += '-';
        uuid += fmt::format("{:02x}", bytes[i]);
    }
    return uuid;
}

std::string make_mac() {
    const auto bytes = random_bytes<3>();
    return fmt::format("52:54:00:{:02x}:{:02x}:{:02x}", bytes[0], bytes[1], bytes[2]);
}

std::string make_name(const std::function<bool(const std::string &)> &taken) {
    for (int attempt = 0; attempt < 100; ++attempt) {
        const auto bytes = random_bytes<3>();
        std::string name = fmt::format("{}-{}", adjectives[bytes[0] % adjectives.size()],
                                       boats[bytes[1] % boats.size()]);
        if (attempt > 10) name += fmt::format("-{}", bytes[2]);  // a crowded harbour
        if (!taken(name)) return name;
    }
    throw Error{"no-name", "no free name was found", "give one with --name"};
}

std::string timestamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace davit::host
