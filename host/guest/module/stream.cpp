// SPDX-License-Identifier: Apache-2.0
// Two threads on one connection, in turns.
#include "guest/module/stream.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

namespace davit::host::guest {

Stream::Side::Side() : wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake.open()) throw system_error(errno, "make an eventfd");
}

// The time during which a thread has the connection to itself.
class Stream::Turn {
 public:
    Turn(Stream &stream, Side &mine, Side &other)
        : connection_(*stream.connection_), mine_(mine), other_(other), lock_(stream.mutex_) {}
    ~Turn() { wake_other(); }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;

    // Interrupts the turn until something happens, and processes it.
    void wait(const Cancel &cancel) {
        std::array<pollfd, 3> fds{
            {connection_.interest(), {mine_.wake.get(), POLLIN, 0}, {cancel.fd(), POLLIN, 0}}};
        const int timeout = connection_.poll_timeout(Deadline::never());
        mine_.waiting = true;
        mine_.received = connection_.received();
        wake_other();
        lock_.unlock();
        const int result = ::poll(fds.data(), fds.size(), timeout);
        const int failure = result < 0 ? errno : 0;
        lock_.lock();
        mine_.waiting = false;
        std::uint64_t count = 0;
        // Empty unless the other side woke this one.
        [[maybe_unused]] const auto drained = ::read(mine_.wake.get(), &count, sizeof count);
        if (failure != 0 && failure != EINTR) throw system_error(failure, "wait for the guest");
        cancel.check();
        connection_.process();
    }

 private:
    void wake_other() {
        if (!other_.waiting || other_.received == connection_.received()) return;
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(other_.wake.get(), &one, sizeof one);
    }

    Connection &connection_;
    Side &mine_;
    Side &other_;
    std::unique_lock<std::mutex> lock_;
};

Stream::Stream(std::shared_ptr<Connection> connection, const GuestCommand &command,
               GuestErrors on_errors, const Cancel &cancel)
    : connection_(std::move(connection)), channel_(connection_), on_errors_(std::move(on_errors)) {
    channel_.open(Deadline::never(), cancel);
    channel_.begin(command, Deadline::never(), cancel);
}

void Stream::pass_errors_on() {
    std::array<char, 4096> text;
    while (const std::size_t got = channel_.read(Source::errors, text.data(), text.size())) {
        if (on_errors_) on_errors_(std::string_view{text.data(), got});
    }
}

std::size_t Stream::read(void *data, std::size_t size, const Cancel &cancel) {
    Turn turn{*this, reader_, writer_};
    while (true) {
        pass_errors_on();
        const bool ended = channel_.output_ended();
        if (const std::size_t got =
                channel_.read(Source::output, static_cast<char *>(data), size)) {
            return got;
        }
        if (ended) return 0;
        turn.wait(cancel);
    }
}

void Stream::write(const void *data, std::size_t size, const Cancel &cancel) {
    std::string_view rest{static_cast<const char *>(data), size};
    Turn turn{*this, writer_, reader_};
    while (true) {
        pass_errors_on();
        while (const std::size_t sent = rest.empty() ? 0 : channel_.write(rest)) {
            rest.remove_prefix(sent);
        }
        // What libssh still holds would be sent only when somebody waits again.
        if (rest.empty() && !connection_->output_pending()) return;
        if (channel_.closed()) throw connection_->lost("the command in the guest has ended");
        turn.wait(cancel);
    }
}

}  // namespace davit::host::guest
