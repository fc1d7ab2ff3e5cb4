// SPDX-License-Identifier: Apache-2.0
// The terminal, by termios(3).
#include "guest/module/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace davit::host::guest {

std::optional<WindowSize> window_size(int fd) {
    winsize size{};
    if (::ioctl(fd, TIOCGWINSZ, &size) != 0) return std::nullopt;
    return WindowSize{size.ws_col, size.ws_row};
}

RawMode::RawMode(int fd) : fd_(fd) {
    termios mode{};
    if (::tcgetattr(fd_, &mode) == 0) before_ = mode;
    enter();
}

RawMode::~RawMode() {
    if (before_) ::tcsetattr(fd_, TCSANOW, &*before_);
}

void RawMode::enter() {
    if (!before_) return;
    termios raw = *before_;
    ::cfmakeraw(&raw);
    ::tcsetattr(fd_, TCSANOW, &raw);
}

}  // namespace davit::host::guest
