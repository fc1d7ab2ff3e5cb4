// SPDX-License-Identifier: Apache-2.0
// What every wait is bounded by: a deadline, and the user's Ctrl-C.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace davit::host {

using Milliseconds = std::chrono::milliseconds;

// A point in time that a wait must not pass.
class Deadline {
 public:
    static Deadline never() { return Deadline{Clock::time_point::max()}; }
    static Deadline after(Milliseconds span) { return Deadline{Clock::now() + span}; }

    bool expired() const { return at_ != Clock::time_point::max() && Clock::now() >= at_; }
    bool bounded() const { return at_ != Clock::time_point::max(); }
    // What is left, at least 0; a very long time if unbounded.
    Milliseconds remaining() const;
    // What is left but at most `most`, as poll(2) wants it.
    int poll_timeout(Milliseconds most) const;
    Deadline earlier(Deadline other) const { return at_ < other.at_ ? *this : other; }

 private:
    using Clock = std::chrono::steady_clock;
    explicit Deadline(Clock::time_point at) : at_(at) {}
    Clock::time_point at_;
};

// Whether the user gave up. Set by the signal handler that main() installs; passed by reference to
// everything that waits. Thread-safe.
class Cancel {
 public:
    Cancel();
    ~Cancel();
    Cancel(const Cancel &) = delete;
    Cancel &operator=(const Cancel &) = delete;

    void request() noexcept;  // async-signal-safe
    bool requested() const { return requested_.load(std::memory_order_relaxed); }
    int fd() const { return fd_; }  // readable once requested; for poll(2)
    void check() const;             // throws interrupted_error() once requested

 private:
    std::atomic<bool> requested_{false};
    int fd_;
};

// Waits until `fd` has one of the poll(2) `events`, or the deadline passes, or the user gives up.
// Returns the events that came, 0 for the deadline. Throws interrupted_error(). `fd` -1: only
// waits.
short wait_for(int fd, short events, Deadline deadline, const Cancel &cancel);

}  // namespace davit::host
