// SPDX-License-Identifier: Apache-2.0
// Waiting with poll(2), on an eventfd(2) that the signal handler may write to.
#include "base/wait.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"

namespace davit::host {

Milliseconds Deadline::remaining() const {
    if (!bounded()) return std::chrono::hours{24 * 365};
    const auto left = std::chrono::ceil<Milliseconds>(at_ - Clock::now());
    return std::max(left, Milliseconds{0});
}

int Deadline::poll_timeout(Milliseconds most) const {
    return static_cast<int>(std::min(remaining(), most).count());
}

Cancel::Cancel() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw system_error(errno, "make an eventfd");
}

Cancel::~Cancel() {
    ::close(fd_);
}

void Cancel::request() noexcept {
    requested_.store(true, std::memory_order_relaxed);
    const int saved = errno;
    const std::uint64_t one = 1;
    // Cannot block, and cannot fail in a way that matters: the flag is set already.
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
    errno = saved;
}

void Cancel::check() const {
    if (requested()) throw interrupted_error();
}

short wait_for(int fd, short events, Deadline deadline, const Cancel &cancel) {
    while (true) {
        cancel.check();
        std::array<pollfd, 2> watched{{{fd, events, 0}, {cancel.fd(), POLLIN, 0}}};
        const int timeout = deadline.bounded() ? deadline.poll_timeout(std::chrono::hours{1}) : -1;
        const int ready = ::poll(watched.data(), watched.size(), timeout);
        if (ready < 0 && errno != EINTR) throw system_error(errno, "wait for input");
        if (ready > 0 && watched[0].revents != 0) return watched[0].revents;
        cancel.check();
        if (deadline.expired()) return 0;
    }
}

}  // namespace davit::host
