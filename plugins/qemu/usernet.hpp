// SPDX-License-Identifier: Apache-2.0
// What QEMU's user networking says about itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace davit::qemu {

// The port of this computer that is forwarded to TCP `guest_port`, out of what the monitor command
// "info usernet" prints; nullopt if none is.
std::optional<std::uint16_t> forwarded_port(std::string_view info, std::uint16_t guest_port);

}  // namespace davit::qemu
