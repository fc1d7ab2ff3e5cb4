// SPDX-License-Identifier: Apache-2.0
// A non-blocking connect(2), and what the kernel is told to notice by itself.
#include "guest/module/dial.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace davit::host::guest {
namespace {

struct AddressFree {
    void operator()(addrinfo *list) const { ::freeaddrinfo(list); }
};
using Address = std::unique_ptr<addrinfo, AddressFree>;

Address parse(const GuestAddress &address) {
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *list = nullptr;
    if (::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &list) !=
        0) {
        throw Error{"bad-address", "\"" + address.host + "\" is no IP address", "",
                    ExitCode::guest};
    }
    return Address{list};
}

template <typename T>
void set(int socket, int level, int option, T value) {
    // Only makes things faster, or a loss noticed sooner: not worth failing for.
    ::setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

Error unreachable(const GuestAddress &address, const std::string &why) {
    return {"guest-unreachable",
            "nobody answers SSH at " + address.host + " port " + std::to_string(address.port) +
                ": " + why,
            "the guest may still be starting, or its SSH server may have stopped", ExitCode::guest};
}

Fd dial(const GuestAddress &address, Deadline deadline, const Cancel &cancel) {
    const Address to = parse(address);
    Fd socket{::socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!socket.open()) throw system_error(errno, "make a socket");
    set(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    set(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT,
        static_cast<unsigned>(address.silence.count()));
    int failure = ::connect(socket.get(), to->ai_addr, to->ai_addrlen) == 0 ? 0 : errno;
    if (failure == EINPROGRESS) {
        if (wait_for(socket.get(), POLLOUT, deadline, cancel) == 0) {
            throw unreachable(address, "no connection in time");
        }
        socklen_t size = sizeof failure;
        ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
    }
    if (failure != 0) throw unreachable(address, std::generic_category().message(failure));
    return socket;
}

}  // namespace davit::host::guest
