// SPDX-License-Identifier: Apache-2.0
// How busy a running guest is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "guest/guest.hpp"

namespace davit::host {

struct GuestUsage {
    std::array<double, 3> load{};  // averages of 1, 5 and 15 minutes
    std::uint64_t disk_used = 0;   // bytes, of the root file system
    std::uint64_t disk_total = 0;
    std::uint64_t memory_used = 0;  // bytes
    std::uint64_t memory_total = 0;
    std::string release;  // PRETTY_NAME of os-release(5)
};

// Asks the guest, in one command. Error "guest-lost", "guest-answer" if it makes no sense.
GuestUsage guest_usage(GuestSession &session, Deadline deadline, const Cancel &cancel);

}  // namespace davit::host
