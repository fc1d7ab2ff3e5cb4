// SPDX-License-Identifier: Apache-2.0
// Reads and writes that poll(2) has promised not to block. O_NONBLOCK would be seen by every other
// process that has the same terminal or pipe.
#include "guest/module/pipes.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string_view>

namespace davit::host::guest {
namespace {

constexpr std::size_t buffer_size = std::size_t{32} << 10;

bool writable_now(int fd) {
    pollfd entry{fd, POLLOUT, 0};
    return ::poll(&entry, 1, 0) == 1 && (entry.revents & POLLOUT) != 0;
}

bool try_again(int number) {
    return number == EINTR || number == EAGAIN || number == EWOULDBLOCK;
}

}  // namespace

void InputPipe::read_some() {
    buffer_.resize(buffer_size);
    const ssize_t got = ::read(fd_, buffer_.data(), buffer_.size());
    const int failure = got < 0 ? errno : 0;
    buffer_.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    if (got == 0 || failure == EIO) {  // EIO: the terminal is gone
        ended_ = true;
    } else if (failure != 0 && !try_again(failure)) {
        throw system_error(failure, "read the standard input");
    }
}

void InputPipe::send(Channel &channel) {
    std::string_view rest = buffer_;
    while (const std::size_t sent = rest.empty() ? 0 : channel.write(rest))
        rest.remove_prefix(sent);
    buffer_.erase(0, buffer_.size() - rest.size());
    if (buffer_.empty() && ended_ && !end_sent_) {
        channel.close_input();
        end_sent_ = true;
    }
}

void OutputPipe::receive(Channel &channel) {
    if (!buffer_.empty()) return;
    written_ = 0;
    do {
        buffer_.resize(buffer_size);
        buffer_.resize(channel.read(source_, buffer_.data(), buffer_.size()));
    } while (broken_ && !buffer_.empty());
}

void OutputPipe::write_some() {
    do {
        // As much as a pipe that is writable surely takes.
        const std::size_t size = std::min<std::size_t>(buffer_.size() - written_, PIPE_BUF);
        const ssize_t written = ::write(fd_, buffer_.data() + written_, size);
        if (written < 0) {
            if (try_again(errno)) return;
            if (errno != EPIPE) throw system_error(errno, "write the output");
            broken_ = true;
            buffer_.clear();
            return;
        }
        written_ += static_cast<std::size_t>(written);
        if (written_ == buffer_.size()) buffer_.clear();
    } while (!buffer_.empty() && writable_now(fd_));
}

}  // namespace davit::host::guest
