// SPDX-License-Identifier: Apache-2.0
// Reads the table that QEMU prints for people; there is no machine-readable form of it.
#include "usernet.hpp"

#include <charconv>
#include <sstream>
#include <string>

namespace davit::qemu {

namespace {

std::optional<std::uint16_t> port(const std::string &text) {
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value == 0) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::uint16_t> forwarded_port(std::string_view info, std::uint16_t guest_port) {
    // Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ
    std::istringstream lines{std::string(info)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream columns{line};
        std::string protocol, fd, source, source_port, destination, destination_port;
        columns >> protocol >> fd >> source >> source_port >> destination >> destination_port;
        if (protocol == "TCP[HOST_FORWARD]" && port(destination_port) == guest_port) {
            return port(source_port);
        }
    }
    return std::nullopt;
}

}  // namespace davit::qemu
