// SPDX-License-Identifier: Apache-2.0
// The loop between this process and a guest command: five descriptors, one poll(2).
#include "guest/module/relay.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>

#include "guest/module/command_line.hpp"
#include "guest/module/errand.hpp"
#include "guest/module/pipes.hpp"
#include "guest/module/signals.hpp"
#include "guest/module/terminal.hpp"

namespace davit::host::guest {
namespace {

constexpr std::array taken_over{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT};
constexpr char interrupt_key = '\x03';
constexpr char quit_key = '\x1c';

WindowSize our_window() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (const auto size = window_size(fd)) return *size;
    }
    return {};
}

std::string terminal_type() {
    const char *type = std::getenv("TERM");
    return type && *type ? type : "dumb";
}

const char *signal_name(int number) {
    switch (number) {
        case SIGINT:
            return "INT";
        case SIGTERM:
            return "TERM";
        case SIGHUP:
            return "HUP";
        default:
            return "QUIT";
    }
}

// OpenSSH passes signals on since 7.9, but not to root, whose commands it does not watch from a
// process of their user.
bool passes_signals_on(const Connection &connection) {
    return connection.address().user != "root" &&
           ssh_get_openssh_version(connection.session()) >= SSH_VERSION_INT(7, 9, 0);
}

class Relay {
 public:
    Relay(const std::shared_ptr<Connection> &connection, Channel &channel, Terminal terminal)
        : connection_(connection), channel_(channel), signals_(taken_over) {
        if (terminal == Terminal::yes) raw_.emplace(STDIN_FILENO);
    }

    // 128 + n: given up because of signal n.
    int run() {
        while (true) {
            output_.receive(channel_);
            errors_.receive(channel_);
            if (output_.broken()) return 128 + SIGPIPE;
            while (const auto number = signals_.next()) take(*number);
            if (given_up_) return 128 + *given_up_;
            if (errand_ && errand_->step()) errand_.reset();
            if (output_.empty() && errors_.empty() && channel_.ended()) return channel_.status();
            input_.send(channel_);
            wait();
        }
    }

 private:
    void wait() {
        std::array<pollfd, 4> fds{{{signals_.fd(), POLLIN, 0},
                                   {input_.fd_to_read(), POLLIN, 0},
                                   {output_.fd_to_write(), POLLOUT, 0},
                                   {errors_.fd_to_write(), POLLOUT, 0}}};
        connection_->wait(fds, Deadline::never());
        if (fds[1].revents != 0) input_.read_some();
        if (fds[2].revents != 0) output_.write_some();
        if (fds[3].revents != 0) errors_.write_some();
    }

    void take(int number) {
        if (number == SIGWINCH || number == SIGCONT) {
            if (!raw_) return;
            if (number == SIGCONT) raw_->enter();
            channel_.resize(our_window());
        } else if (!raw_) {
            if (forwarded_) {
                given_up_ = number;
            } else {
                forward(signal_name(number));
            }
        } else if (number == SIGINT || number == SIGQUIT) {
            // The guest's terminal knows whom they are meant for.
            input_.add(number == SIGINT ? interrupt_key : quit_key);
        } else {
            given_up_ = number;  // the guest's terminal hangs up, as ours did
        }
    }

    void forward(const std::string &name) {
        forwarded_ = true;
        if (passes_signals_on(*connection_)) {
            channel_.send_signal(name);
        } else {
            errand_.emplace(connection_, signal_command(name));
        }
    }

    std::shared_ptr<Connection> connection_;
    Channel &channel_;
    Signals signals_;
    std::optional<RawMode> raw_;
    std::optional<Errand> errand_;
    InputPipe input_{STDIN_FILENO};
    OutputPipe output_{STDOUT_FILENO, Source::output};
    OutputPipe errors_{STDERR_FILENO, Source::errors};
    bool forwarded_ = false;
    std::optional<int> given_up_;
};

}  // namespace

int relay(const std::shared_ptr<Connection> &connection, const GuestCommand &command,
          Terminal terminal, const Cancel &cancel) {
    Channel channel{connection};
    channel.open(Deadline::never(), cancel);
    if (terminal == Terminal::yes) {
        channel.request_terminal(terminal_type(), our_window(), cancel);
    }
    channel.begin(command, Deadline::never(), cancel);
    return Relay{connection, channel, terminal}.run();
}

}  // namespace davit::host::guest
