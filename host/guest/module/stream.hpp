// SPDX-License-Identifier: Apache-2.0
// A duplex stream to a guest command, for two threads.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "base/files.hpp"
#include "guest/guest.hpp"
#include "guest/module/channel.hpp"

namespace davit::host::guest {

// libssh serves one thread at a time, so a lock guards the connection, and nobody holds it while
// waiting. Whoever lets go of it wakes the other thread if meanwhile something has arrived: the
// socket would not, being empty by then.
class Stream : public GuestStream {
 public:
    Stream(std::shared_ptr<Connection> connection, const GuestCommand &command,
           GuestErrors on_errors, const Cancel &cancel);

    std::size_t read(void *data, std::size_t size, const Cancel &cancel) override;
    void write(const void *data, std::size_t size, const Cancel &cancel) override;

 private:
    // One of the two threads, when it waits.
    struct Side {
        Side();
        Fd wake;  // eventfd(2)
        bool waiting = false;
        std::uint64_t received = 0;  // by the connection, when the wait began
    };
    class Turn;

    void pass_errors_on();

    std::shared_ptr<Connection> connection_;
    Channel channel_;
    GuestErrors on_errors_;
    std::mutex mutex_;
    Side reader_;
    Side writer_;
};

}  // namespace davit::host::guest
