// SPDX-License-Identifier: Apache-2.0
// QMP as docs/interop/qmp-spec.rst of QEMU describes it: one JSON object a line.
#include "qmp.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace davit::qemu {

namespace {

constexpr std::size_t max_line = std::size_t{1} << 20;

Error silence() {
    return Error(DAVIT_E_TIMEOUT, "QEMU does not answer",
                 "it may be busy; try again, or stop the machine by force");
}

QmpClosed ended() {
    return QmpClosed("QEMU ended without an answer");
}

bool is_closed(int number) {
    return number == ECONNREFUSED || number == ENOENT || number == ECONNRESET || number == EPIPE;
}

}  // namespace

QmpRefused::QmpRefused(const std::string &command, std::string kind, const std::string &description)
    : Error(DAVIT_E_FAILED, "QEMU refused \"" + command + "\": " + description),
      kind_(std::move(kind)) {}

Qmp Qmp::connect(const std::filesystem::path &folder, const std::string &name, const Wait &wait) {
    // A socket's address holds 107 bytes, fewer than a path may have: go through the folder's fd.
    const support::Fd at{open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!at) throw support::system_error(errno, "cannot open " + folder.string());
    const std::string path = "/proc/self/fd/" + std::to_string(at.get()) + '/' + name;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw Error(DAVIT_E_FAILED, "name too long: " + name);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);

    support::Fd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!socket) throw support::system_error(errno, "cannot make a socket");
    if (::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) !=
        0) {
        if (errno == EAGAIN) throw silence();  // its queue of waiting conversations is full
        if (is_closed(errno))
            throw QmpClosed("QEMU does not listen on " + (folder / name).string());
        throw support::system_error(errno, "cannot connect to " + (folder / name).string());
    }
    return Qmp(std::move(socket), wait);
}

Qmp::Qmp(support::Fd socket, const Wait &wait) : socket_(std::move(socket)) {
    while (!receive(wait).contains("QMP")) {
    }
    execute("qmp_capabilities", wait);
}

Json Qmp::execute(const std::string &command, const Wait &wait, const Json &arguments) {
    const std::uint64_t id = ++last_id_;
    send(support::json_out({{"execute", command}, {"arguments", arguments}, {"id", id}}) + '\n',
         wait);
    while (true) {
        const Json message = receive(wait);
        // Events have no id, and an answer that came too late for its command has another one. QEMU
        // leaves the id out only where it could not read the command.
        const bool unreadable = message.contains("error") && !message.contains("id");
        if (!unreadable && message.value("id", Json{}) != id) continue;
        if (message.contains("error")) {
            const Json &error = support::object_in(message, "error", "QEMU's answer");
            throw QmpRefused(command, error.value("class", ""),
                             error.value("desc", "no reason given"));
        }
        return message.value("return", Json{});
    }
}

std::string Qmp::human(const std::string &command, const Wait &wait) {
    const Json text = execute("human-monitor-command", wait, {{"command-line", command}});
    return text.is_string() ? text.get<std::string>() : std::string{};
}

void Qmp::send(const std::string &line, const Wait &wait) {
    std::string_view rest = line;
    while (!rest.empty()) {
        const ssize_t sent =
            ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            rest.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (!wait.for_fd(socket_.get(), POLLOUT)) throw silence();
        } else if (is_closed(errno)) {
            throw ended();
        } else if (errno != EINTR) {
            throw support::system_error(errno, "cannot write to QEMU");
        }
    }
}

Json Qmp::receive(const Wait &wait) {
    while (true) {
        if (const auto end = unread_.find('\n'); end != std::string::npos) {
            const std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            Json message = support::json_in(line, "QEMU's answer");
            if (!message.is_object()) throw Error(DAVIT_E_FAILED, "QEMU's answer is not an object");
            return message;
        }
        if (unread_.size() > max_line) throw Error(DAVIT_E_FAILED, "QEMU's answer does not end");
        if (!wait.for_fd(socket_.get(), POLLIN)) throw silence();
        char block[4096];
        const ssize_t got = recv(socket_.get(), block, sizeof block, MSG_DONTWAIT);
        if (got > 0) {
            unread_.append(block, static_cast<std::size_t>(got));
        } else if (got == 0 || is_closed(errno)) {
            throw ended();
        } else if (errno != EINTR && errno != EAGAIN) {
            throw support::system_error(errno, "cannot read from QEMU");
        }
    }
}

}  // namespace davit::qemu
