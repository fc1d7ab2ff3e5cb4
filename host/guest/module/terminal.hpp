// SPDX-License-Identifier: Apache-2.0
// The terminal that davit runs in.
#pragma once

#include <termios.h>

#include <optional>

#include "guest/module/channel.hpp"

namespace davit::host::guest {

// nullopt: `fd` is no terminal.
std::optional<WindowSize> window_size(int fd);

// Raw mode for as long as it lives, if `fd` is a terminal: every key goes to the guest.
class RawMode {
 public:
    explicit RawMode(int fd);
    ~RawMode();
    RawMode(const RawMode &) = delete;
    RawMode &operator=(const RawMode &) = delete;

    // Again, after a shell has put the terminal into its own mode.
    void enter();

 private:
    int fd_;
    std::optional<termios> before_;
};

}  // namespace davit::host::guest
