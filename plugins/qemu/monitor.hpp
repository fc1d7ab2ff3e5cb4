// SPDX-License-Identifier: Apache-2.0
// What this driver says to a running QEMU and asks of it, each in a conversation of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/wait.hpp"

namespace davit::qemu {

using support::Wait;

// The monitor of the QEMU that runs in `folder`. Every function throws what Qmp throws.
class Monitor {
 public:
    explicit Monitor(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // The state of the guest in QEMU's words, such as "running", "paused" or "io-error".
    std::string status(const Wait &wait) const;

    // The port of this computer at which the guest's SSH server is reached.
    std::uint16_t ssh_port(const Wait &wait) const;

    // Lets a paused guest go on. One that runs: nothing.
    void resume(const Wait &wait) const;

    // Pushes the machine's power button. A paused guest goes on first: it could not hear it.
    void push_power_button(const Wait &wait) const;

    // Ends QEMU, its disk written; the guest is not asked.
    void quit(const Wait &wait) const;

 private:
    std::filesystem::path folder_;
};

}  // namespace davit::qemu
