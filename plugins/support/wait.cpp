// SPDX-License-Identifier: Apache-2.0
// Waits in short slices, so that giving up takes effect at once.
#include "wait.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "files.hpp"

namespace davit::support {

using std::chrono::milliseconds;

Wait Wait::at_most(milliseconds span, Check check) {
    return {Clock::now() + span, std::move(check)};
}

Wait Wait::of(Call &call) {
    return {call.deadline(), [&call] { call.progress(); }};
}

Wait Wait::within(milliseconds span) const {
    return {std::min(until_, Clock::now() + span), check_};
}

milliseconds Wait::remaining() const {
    const auto left = std::chrono::ceil<milliseconds>(until_ - Clock::now());
    return std::max(left, milliseconds{0});
}

bool Wait::for_fd(int fd, short events) const {
    constexpr milliseconds slice{100};
    while (true) {
        check_();
        const auto patience = std::min(remaining(), slice);
        pollfd entry{fd, events, 0};
        const int ready = poll(&entry, 1, static_cast<int>(patience.count()));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) throw system_error(errno, "cannot wait");
        if (expired()) return false;
    }
}

}  // namespace davit::support
