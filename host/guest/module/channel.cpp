// SPDX-License-Identifier: Apache-2.0
// A session channel (RFC 4254, section 6) and the callbacks by which libssh tells how it ended.
#include "guest/module/channel.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "guest/module/command_line.hpp"

namespace davit::host::guest {
namespace {

constexpr std::size_t write_at_once = std::size_t{64} << 10;

// The signals that RFC 4254, section 6.10 names.
constexpr std::array<std::pair<std::string_view, int>, 13> signals{{{"ABRT", SIGABRT},
                                                                    {"ALRM", SIGALRM},
                                                                    {"FPE", SIGFPE},
                                                                    {"HUP", SIGHUP},
                                                                    {"ILL", SIGILL},
                                                                    {"INT", SIGINT},
                                                                    {"KILL", SIGKILL},
                                                                    {"PIPE", SIGPIPE},
                                                                    {"QUIT", SIGQUIT},
                                                                    {"SEGV", SIGSEGV},
                                                                    {"TERM", SIGTERM},
                                                                    {"USR1", SIGUSR1},
                                                                    {"USR2", SIGUSR2}}};

int signal_status(std::string_view name) {
    const auto *const found = std::find_if(signals.begin(), signals.end(),
                                           [&](auto &entry) { return entry.first == name; });
    return found == signals.end() ? 255 : 128 + found->second;
}

}  // namespace

Channel::Channel(std::shared_ptr<Connection> connection)
    : connection_(std::move(connection)), channel_(ssh_channel_new(connection_->session())) {
    if (!channel_) throw Error{"out-of-memory", "cannot make an SSH channel"};
    callbacks_.userdata = this;
    callbacks_.channel_eof_function = [](ssh_session, ssh_channel, void *self) {
        static_cast<Channel *>(self)->output_ended_ = true;
    };
    callbacks_.channel_close_function = [](ssh_session, ssh_channel, void *self) {
        static_cast<Channel *>(self)->output_ended_ = true;
        static_cast<Channel *>(self)->closed_ = true;
    };
    callbacks_.channel_exit_status_function = [](ssh_session, ssh_channel, int status, void *self) {
        static_cast<Channel *>(self)->status_ = status;
    };
    callbacks_.channel_exit_signal_function = [](ssh_session, ssh_channel, const char *name, int,
                                                 const char *, const char *, void *self) {
        static_cast<Channel *>(self)->signal_ = name;
        static_cast<Channel *>(self)->status_ = signal_status(name);
    };
    ssh_callbacks_init(&callbacks_);
    ssh_set_channel_callbacks(channel_, &callbacks_);
}

Channel::~Channel() {
    ssh_remove_channel_callbacks(channel_, &callbacks_);
    ssh_channel_free(channel_);
}

void Channel::require(int result, const char *what) const {
    if (result == SSH_OK) return;
    const std::string why = ssh_get_error(connection_->session());
    if (!ssh_is_connected(connection_->session())) throw connection_->lost(why);
    throw Error{"guest-refused", std::string{"the guest refuses "} + what + ": " + why,
                "see the log of the SSH server in the guest", ExitCode::guest};
}

void Channel::open(Deadline deadline, const Cancel &cancel) {
    require(connection_->finish([this] { return ssh_channel_open_session(channel_); }, deadline,
                                cancel),
            "another command");
}

void Channel::request_terminal(const std::string &type, WindowSize size, const Cancel &cancel) {
    const auto request = [&] {
        return ssh_channel_request_pty_size(channel_, type.c_str(), size.columns, size.rows);
    };
    require(connection_->finish(request, Deadline::never(), cancel), "a terminal");
}

void Channel::begin(const GuestCommand &command, Deadline deadline, const Cancel &cancel) {
    const bool login =
        command.argv.empty() && command.folder.empty() && command.environment.empty();
    const std::string line = login ? "" : command_line(command);
    const auto request = [&] {
        return login ? ssh_channel_request_shell(channel_)
                     : ssh_channel_request_exec(channel_, line.c_str());
    };
    require(connection_->finish(request, deadline, cancel), "to run a command");
}

std::size_t Channel::read(Source source, char *data, std::size_t size) {
    const int got = ssh_channel_read_nonblocking(channel_, data, static_cast<std::uint32_t>(size),
                                                 static_cast<int>(source));
    if (got == SSH_ERROR && !output_ended_) {
        throw connection_->lost(ssh_get_error(connection_->session()));
    }
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

std::size_t Channel::write(std::string_view data) {
    // libssh would buffer as much as the guest's window allows.
    if (closed_ || connection_->output_pending() || ssh_channel_window_size(channel_) == 0)
        return 0;
    const auto size = static_cast<std::uint32_t>(std::min(data.size(), write_at_once));
    const int sent = ssh_channel_write(channel_, data.data(), size);
    if (sent == SSH_ERROR && !closed_) {
        throw connection_->lost(ssh_get_error(connection_->session()));
    }
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void Channel::close_input() {
    if (!closed_) ssh_channel_send_eof(channel_);
}

void Channel::resize(WindowSize size) {
    if (!closed_) ssh_channel_change_pty_size(channel_, size.columns, size.rows);
}

void Channel::send_signal(const std::string &name) {
    if (!closed_) ssh_channel_request_send_signal(channel_, name.c_str());
}

std::size_t Channel::unread(Source source) {
    const int size = ssh_channel_poll(channel_, static_cast<int>(source));
    return size > 0 ? static_cast<std::size_t>(size) : 0;
}

bool Channel::ended() {
    return closed_ && unread(Source::output) == 0 && unread(Source::errors) == 0;
}

}  // namespace davit::host::guest
