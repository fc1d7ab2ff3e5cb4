// SPDX-License-Identifier: Apache-2.0
// What every wait of a plugin is bounded by: a deadline, and whoever may end it early.
#pragma once

#include <chrono>
#include <davit/cxx/call.hpp>
#include <functional>

namespace davit::support {

class Wait {
 public:
    using Clock = std::chrono::steady_clock;
    using Check = std::function<void()>;

    // `check` is called at least every tenth of a second of waiting, and throws to give up.
    Wait(Clock::time_point until, Check check) : until_(until), check_(std::move(check)) {}
    static Wait at_most(
        std::chrono::milliseconds span, Check check = [] {});
    // As long as a call may take, unless its user gives up.
    static Wait of(Call &call);

    // The same, but ending after `span` if that is earlier.
    Wait within(std::chrono::milliseconds span) const;

    bool expired() const { return Clock::now() >= until_; }
    std::chrono::milliseconds remaining() const;  // at least 0
    void check() const { check_(); }

    // Waits until `fd` has one of the poll(2) `events`; false at the deadline.
    bool for_fd(int fd, short events) const;

 private:
    Clock::time_point until_;
    Check check_;
};

}  // namespace davit::support
