// SPDX-License-Identifier: Apache-2.0
// Starting a relay in pipes, or in a terminal of its own.
#include "unit/guest/relayed.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>

namespace davit::test {
namespace {

constexpr int patience_ms = 120'000;
constexpr winsize first_size{40, 120, 0, 0};

std::array<host::Fd, 2> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
    return {host::Fd{ends[0]}, host::Fd{ends[1]}};
}

}  // namespace

std::vector<std::string> relay_line(const SshServer &server, const std::vector<std::string> &argv,
                                    const std::string &mode) {
    const auto &address = server.address();
    std::vector<std::string> line{DAVIT_GUEST_RELAY, std::to_string(address.port),
                                  address.user,      address.private_key_file,
                                  address.host_key,  mode};
    line.insert(line.end(), argv.begin(), argv.end());
    return line;
}

Relayed::Relayed(const SshServer &server, Streams streams, const std::vector<std::string> &argv) {
    if (streams == Streams::terminal) {
        int near = -1, far = -1;
        if (::openpty(&near, &far, nullptr, nullptr, &first_size) != 0) {
            throw std::runtime_error{"no terminal"};
        }
        near_.reset(near);
        far_.reset(far);
        ::fcntl(near, F_SETFD, FD_CLOEXEC);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::login_tty(::dup(far));
            become(relay_line(server, argv, "terminal"));
        }
        watch();
        return;
    }
    auto input = make_pipe();
    auto output = make_pipe();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(input[0].get(), STDIN_FILENO);
        ::dup2(output[1].get(), STDOUT_FILENO);
        become(relay_line(server, argv));
    }
    to_input_ = std::move(input[1]);
    near_ = std::move(output[0]);
    watch();
}

void Relayed::watch() {
    process_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    if (!process_.open()) throw std::runtime_error{"no relay program"};
}

void Relayed::become(const std::vector<std::string> &line) {
    std::vector<char *> words;
    words.reserve(line.size() + 1);
    for (const auto &word : line) words.push_back(const_cast<char *>(word.c_str()));
    words.push_back(nullptr);
    ::setenv("TERM", "vt220", 1);
    ::execv(words[0], words.data());
    ::_exit(127);
}

Relayed::~Relayed() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::string Relayed::read_until(const std::string &text) {
    while (seen_.find(text) == seen_.npos) {
        std::array<pollfd, 2> entries{{{near_.get(), POLLIN, 0}, {process_.get(), POLLIN, 0}}};
        std::array<char, 4096> buffer{};
        ::poll(entries.data(), entries.size(), patience_ms);
        if (entries[0].revents == 0) throw std::runtime_error{"nothing more came: " + seen_};
        const ssize_t got = ::read(near_.get(), buffer.data(), buffer.size());
        if (got <= 0) throw std::runtime_error{"\"" + text + "\" did not come: " + seen_};
        seen_.append(buffer.data(), static_cast<std::size_t>(got));
    }
    const std::size_t end = seen_.find(text) + text.size();
    std::string result = seen_.substr(0, end);
    seen_.erase(0, end);
    return result;
}

void Relayed::type(const std::string &keys) {
    const int fd = to_input_.open() ? to_input_.get() : near_.get();
    if (::write(fd, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
        throw std::runtime_error{"cannot type"};
    }
}

void Relayed::signal(int number) const {
    ::kill(pid_, number);
}

int Relayed::wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0) {
        if (errno != EINTR) throw std::runtime_error{"waitpid"};
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Relayed::resize(unsigned short columns, unsigned short rows) {
    const winsize size{rows, columns, 0, 0};
    ::ioctl(near_.get(), TIOCSWINSZ, &size);
}

termios Relayed::mode() const {
    termios now{};
    if (::tcgetattr(far_.get(), &now) != 0) throw std::runtime_error{"tcgetattr"};
    return now;
}

void Relayed::restore(const termios &mode) const {
    ::tcsetattr(far_.get(), TCSANOW, &mode);
}

}  // namespace davit::test
