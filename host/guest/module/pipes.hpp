// SPDX-License-Identifier: Apache-2.0
// This process's standard streams, each with one bounded buffer, never blocked on.
#pragma once

#include <cstddef>
#include <string>

#include "guest/module/channel.hpp"

namespace davit::host::guest {

// From a file descriptor to the command's standard input.
class InputPipe {
 public:
    explicit InputPipe(int fd) : fd_(fd) {}

    int fd_to_read() const { return ended_ || !buffer_.empty() ? -1 : fd_; }
    void read_some();             // after POLLIN
    void send(Channel &channel);  // as much as the guest takes; then the end, once
    void add(char byte) { buffer_ += byte; }

 private:
    int fd_;
    std::string buffer_;
    bool ended_ = false;
    bool end_sent_ = false;
};

// From the command's standard output or error to a file descriptor.
class OutputPipe {
 public:
    OutputPipe(int fd, Source source) : fd_(fd), source_(source) {}

    int fd_to_write() const { return buffer_.empty() ? -1 : fd_; }
    void receive(Channel &channel);          // if the buffer is empty
    void write_some();                       // after POLLOUT
    bool broken() const { return broken_; }  // nobody reads it any more; what comes is dropped
    bool empty() const { return buffer_.empty(); }

 private:
    int fd_;
    Source source_;
    std::string buffer_;
    std::size_t written_ = 0;
    bool broken_ = false;
};

}  // namespace davit::host::guest
