// SPDX-License-Identifier: Apache-2.0
// The life of a connection: libssh in non-blocking mode on a socket of ours.
#include "guest/module/connection.hpp"

#include <fcntl.h>
#include <libssh/server.h>  // ssh_send_keepalive(), for clients too
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "guest/module/dial.hpp"
#include "guest/module/key.hpp"

namespace davit::host::guest {
namespace {

// AES-GCM has hardware support on both sides, and costs a guest's sshd a third less than ChaCha20.
constexpr const char *ciphers =
    "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com";
constexpr const char *key_exchanges =
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,"
    "diffie-hellman-group16-sha512,diffie-hellman-group14-sha256";
// The pinned key is an ed25519 key. The others are named so that a stranger who has none of that
// kind is told apart from a guest that does not answer.
constexpr const char *host_keys = "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256";

constexpr int questions = 4;  // unanswered ones before the guest counts as lost
constexpr int reads_a_turn = 64;

}  // namespace

void Connection::SessionFree::operator()(ssh_session session) const {
    // ssh_disconnect() would forget the descriptor without closing it.
    ssh_free(session);
}

Connection::Connection(const GuestAddress &address, Deadline deadline, const Cancel &cancel)
    : address_(address), socket_(dial(address, deadline, cancel)), session_(ssh_new()) {
    if (!session_) throw Error{"out-of-memory", "cannot make an SSH session"};
    set_options();
    ssh_set_blocking(session(), 0);
    ssh_set_counters(session(), &counter_, nullptr);
    if (begin([this] { return ssh_connect(session()); }, SSH_AGAIN, deadline, cancel) != SSH_OK) {
        throw unreachable(address_, ssh_get_error(session()));
    }
    check_host_key();
    authenticate(deadline, cancel);
    event_.reset(ssh_event_new());
    if (!event_ || ssh_event_add_session(event_.get(), session()) != SSH_OK) {
        throw Error{"out-of-memory", "cannot watch an SSH session"};
    }
    last_sign_ = Clock::now();
}

Connection::~Connection() {
    if (event_) ssh_event_remove_session(event_.get(), session());
}

void Connection::set_options() {
    const auto set = [this](ssh_options_e option, const void *value) {
        if (ssh_options_set(session(), option, value) != SSH_OK) {
            throw Error{"ssh-option",
                        std::string{"libssh refuses an option: "} + ssh_get_error(session())};
        }
    };
    const int off = 0;
    const unsigned port = address_.port;
    socket_t duplicate = ::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) throw system_error(errno, "duplicate a socket");
    Fd owned{duplicate};
    set(SSH_OPTIONS_FD, &duplicate);
    owned.release();
    set(SSH_OPTIONS_HOST, address_.host.c_str());
    set(SSH_OPTIONS_PORT, &port);
    set(SSH_OPTIONS_USER, address_.user.c_str());
    set(SSH_OPTIONS_PROCESS_CONFIG, &off);
    set(SSH_OPTIONS_KNOWNHOSTS, "/dev/null");  // libssh would prefer the key types it finds there
    set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    set(SSH_OPTIONS_HOSTKEYS, host_keys);
    set(SSH_OPTIONS_KEY_EXCHANGE, key_exchanges);
    set(SSH_OPTIONS_CIPHERS_C_S, ciphers);
    set(SSH_OPTIONS_CIPHERS_S_C, ciphers);
}

int Connection::begin(const std::function<int()> &call, int again, Deadline deadline,
                      const Cancel &cancel) {
    while (true) {
        cancel.check();
        const int result = call();
        if (result != again) return result;
        // libssh makes the socket blocking once it is connected.
        ::fcntl(socket_.get(), F_SETFL, O_NONBLOCK);
        const bool sending = (ssh_get_poll_flags(session()) & SSH_WRITE_PENDING) != 0;
        const auto events = static_cast<short>(sending ? POLLIN | POLLOUT : POLLIN);
        if (wait_for(socket_.get(), events, deadline, cancel) == 0) {
            throw unreachable(address_, "it did not answer in time");
        }
    }
}

void Connection::check_host_key() {
    ssh_key shown = nullptr;
    if (ssh_get_server_publickey(session(), &shown) != SSH_OK) {
        throw unreachable(address_, "it showed no key");
    }
    const Key theirs{shown};
    const Key pinned = parse_public_key(address_.host_key);
    if (ssh_key_cmp(theirs.get(), pinned.get(), SSH_KEY_CMP_PUBLIC) != 0) {
        throw Error{"guest-host-key",
                    "somebody else than the guest answers at " + address_.host + " port " +
                        std::to_string(address_.port) + ": the host key is not the guest's",
                    "if the guest's host keys were replaced by intent, put the old ones back from "
                    "the guest's console; else find out who listens there",
                    ExitCode::guest};
    }
}

void Connection::authenticate(Deadline deadline, const Cancel &cancel) {
    const Key key = read_private_key(address_.private_key_file);
    const int result = begin([&] { return ssh_userauth_publickey(session(), nullptr, key.get()); },
                             static_cast<int>(SSH_AUTH_AGAIN), deadline, cancel);
    if (result == SSH_AUTH_SUCCESS) return;
    if (result == SSH_AUTH_ERROR) throw unreachable(address_, ssh_get_error(session()));
    throw Error{"guest-denied", "the guest refuses the key of its user \"" + address_.user + "\"",
                "the key must be in ~/.ssh/authorized_keys of that user in the guest",
                ExitCode::guest};
}

Error Connection::lost(const std::string &why) const {
    return {"guest-lost", "the connection to the guest broke: " + why,
            "see whether the instance still runs, and run the command again", ExitCode::guest};
}

pollfd Connection::interest() const {
    return {socket_.get(), static_cast<short>(output_pending() ? POLLIN | POLLOUT : POLLIN), 0};
}

int Connection::poll_timeout(Deadline deadline) const {
    // libssh took something in since: its users have not looked at it yet.
    if (received() != heard_) return 0;
    const auto due = last_sign_ + address_.silence / questions;
    const auto left = std::chrono::ceil<Milliseconds>(due - Clock::now());
    return deadline.poll_timeout(std::max(left, Milliseconds{0}));
}

void Connection::take_in() {
    for (int i = 0; i < reads_a_turn; ++i) {
        const auto before = received();
        const bool sending = output_pending();
        ssh_event_dopoll(event_.get(), 0);
        if (received() == before && !(sending && !output_pending())) return;
    }
}

void Connection::ask_if_silent() {
    const auto now = Clock::now();
    if (received() != heard_) {
        heard_ = received();
        last_sign_ = now;
        unanswered_ = 0;
    } else if (now - last_sign_ >= address_.silence / questions) {
        if (unanswered_ == questions) throw lost("the guest does not answer any more");
        ssh_send_keepalive(session());
        last_sign_ = now;
        ++unanswered_;
    }
}

void Connection::process() {
    take_in();
    const bool news = received() != heard_;
    ask_if_silent();
    // The last that came may well be how the command ended: it is looked at first.
    if (!news && (!ssh_is_connected(session()) ||
                  (ssh_get_status(session()) & (SSH_CLOSED | SSH_CLOSED_ERROR)) != 0)) {
        throw lost(ssh_get_error(session()));
    }
}

void Connection::wait(std::span<pollfd> others, Deadline deadline) {
    std::vector<pollfd> all(others.begin(), others.end());
    all.push_back(interest());
    if (::poll(all.data(), all.size(), poll_timeout(deadline)) < 0) {
        if (errno != EINTR) throw system_error(errno, "wait for the guest");
        for (auto &entry : all) entry.revents = 0;
    }
    std::copy_n(all.begin(), others.size(), others.begin());
    process();
}

void Connection::wait(Deadline deadline, const Cancel &cancel) {
    std::array<pollfd, 1> others{{{cancel.fd(), POLLIN, 0}}};
    wait(others, deadline);
    cancel.check();
}

int Connection::finish(const std::function<int()> &call, Deadline deadline, const Cancel &cancel) {
    while (true) {
        const int result = call();
        if (result != SSH_AGAIN) return result;
        if (deadline.expired()) {
            throw Error{"timeout", "the guest did not answer in time", "", ExitCode::timeout};
        }
        wait(deadline, cancel);
    }
}

}  // namespace davit::host::guest
