// SPDX-License-Identifier: Apache-2.0
// A real check of KVM: makes a virtual processor and runs a few instructions on it.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

namespace davit::qemu {

// Why KVM behind `device` does not work for this user, as a clause; nullopt: it works. Takes
// milliseconds, never more than half a second, and leaves nothing behind.
std::optional<std::string> kvm_fault(const std::string &device);

#if defined(__x86_64__)
// The same for a guest that runs `code` in real mode; exposed for tests. It is expected to write
// the byte 0x42 to port 0xda and then halt.
std::optional<std::string> kvm_code_fault(const std::string &device,
                                          std::span<const unsigned char> code,
                                          std::chrono::milliseconds most);
#endif

}  // namespace davit::qemu
