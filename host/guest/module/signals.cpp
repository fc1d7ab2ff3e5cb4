// SPDX-License-Identifier: Apache-2.0
// Handlers that write to a pipe: unlike signalfd(2), they work whichever thread a signal hits.
#include "guest/module/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "base/error.hpp"

namespace davit::host::guest {
namespace {

std::atomic<int> pipe_end{-1};  // what a handler can reach

void write_down(int number) {
    const int saved = errno;
    const auto byte = static_cast<unsigned char>(number);
    // A full pipe holds plenty of signals that nobody has looked at yet.
    [[maybe_unused]] const auto written = ::write(pipe_end.load(), &byte, 1);
    errno = saved;
}

}  // namespace

Signals::Signals(std::span<const int> numbers) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw system_error(errno, "make a pipe");
    read_end_.reset(ends[0]);
    write_end_.reset(ends[1]);
    pipe_end.store(ends[1]);
    take(SIGPIPE, SIG_IGN);
    for (const int number : numbers) take(number, write_down);
}

Signals::~Signals() {
    for (const auto &[number, action] : before_) ::sigaction(number, &action, nullptr);
    pipe_end.store(-1);
}

void Signals::take(int number, void (*handler)(int)) {
    struct sigaction now {};
    struct sigaction before {};
    ::sigaction(number, nullptr, &before);
    if ((before.sa_flags & SA_SIGINFO) == 0 && before.sa_handler == SIG_IGN) return;
    now.sa_handler =
        handler;  // without SA_RESTART: a signal also ends a write to a stalled terminal
    ::sigaction(number, &now, nullptr);
    before_.emplace_back(number, before);
}

std::optional<int> Signals::next() {
    unsigned char byte = 0;
    if (::read(read_end_.get(), &byte, 1) != 1) return std::nullopt;
    return byte;
}

}  // namespace davit::host::guest
