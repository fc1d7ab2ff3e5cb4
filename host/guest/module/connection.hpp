// SPDX-License-Identifier: Apache-2.0
// An authenticated SSH connection that never blocks: its users poll(2), then let it process.
#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <poll.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/files.hpp"
#include "base/wait.hpp"
#include "guest/guest.hpp"

namespace davit::host::guest {

// Not thread-safe. Everything throws Error "guest-lost" once the connection is broken.
class Connection {
 public:
    // Connects, as GuestModule::connect() says.
    Connection(const GuestAddress &address, Deadline deadline, const Cancel &cancel);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    ssh_session session() const { return session_.get(); }
    const GuestAddress &address() const { return address_; }

    // What to poll for, and until when at the latest: the deadline, or the next question whether
    // the guest is alive.
    pollfd interest() const;
    int poll_timeout(Deadline deadline) const;

    // Sends what is pending and takes in what has arrived, without waiting. To be called after
    // poll(2), whatever it returned; asks a silent guest whether it is alive.
    void process();

    // poll(2) on this connection and on `others`, then process(). Returns as soon as anything
    // happened, perhaps for no reason.
    void wait(std::span<pollfd> others, Deadline deadline);
    // The same, throwing interrupted_error() once the user gave up.
    void wait(Deadline deadline, const Cancel &cancel);

    // Repeats a libssh call that returns SSH_AGAIN until it returns something else, which it
    // returns. Error "timeout" at the deadline.
    int finish(const std::function<int()> &call, Deadline deadline, const Cancel &cancel);

    // Whether something waits to be sent.
    bool output_pending() const { return (ssh_get_status(session()) & SSH_WRITE_PENDING) != 0; }
    // How many bytes have ever arrived.
    std::uint64_t received() const { return counter_.in_bytes; }

    Error lost(const std::string &why) const;

 private:
    struct SessionFree {
        void operator()(ssh_session session) const;
    };
    struct EventFree {
        void operator()(ssh_event event) const { ssh_event_free(event); }
    };
    using Clock = std::chrono::steady_clock;

    void set_options();
    void check_host_key();
    void authenticate(Deadline deadline, const Cancel &cancel);
    // One call of the beginning, repeated until it is done.
    int begin(const std::function<int()> &call, int again, Deadline deadline, const Cancel &cancel);
    void take_in();
    void ask_if_silent();

    GuestAddress address_;
    Fd socket_;  // ours; libssh closes a duplicate
    std::unique_ptr<ssh_session_struct, SessionFree> session_;
    std::unique_ptr<ssh_event_struct, EventFree> event_;
    ssh_counter_struct counter_{};
    std::uint64_t heard_ = 0;                     // received() when last looked at
    Clock::time_point last_sign_ = Clock::now();  // when the guest was heard or asked
    int unanswered_ = 0;
};

}  // namespace davit::host::guest
