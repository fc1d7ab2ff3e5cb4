// SPDX-License-Identifier: Apache-2.0
// Who is let in, who is believed, and how long one waits.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/files.hpp"
#include "base/process.hpp"
#include "unit/guest/matchers.hpp"

namespace davit::test {
namespace {

using host::Cancel;
using host::Deadline;

std::string connect_error(const host::GuestAddress &address, Deadline deadline) {
    const Cancel never;
    return error_id([&] { host::guest_module().connect(address, deadline, never); });
}

// A TCP server that is no SSH server.
class Listener {
 public:
    Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof name;
        auto *const generic = reinterpret_cast<sockaddr *>(&name);
        EXPECT_EQ(::bind(socket_.get(), generic, size), 0);
        EXPECT_EQ(::listen(socket_.get(), 4), 0);
        EXPECT_EQ(::getsockname(socket_.get(), generic, &size), 0);
        port_ = ntohs(name.sin_port);
    }

    std::uint16_t port() const { return port_; }
    // The next connection is closed at once, with a reset.
    void reset_one() {
        const host::Fd connection{::accept(socket_.get(), nullptr, nullptr)};
        const linger at_once{1, 0};
        ::setsockopt(connection.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

 private:
    host::Fd socket_;
    std::uint16_t port_ = 0;
};

TEST(Connect, LetsTheRightKeyIn) {
    const SshServer server;
    EXPECT_EQ(run(*connect(server), {"id", "-un"}).output, user_name() + "\n");
}

TEST(Connect, PrefersTheCipherThatHardwareHelpsWith) {
    const SshServer server{"LogLevel DEBUG1"};
    connect(server);
    EXPECT_NE(server.log().find("cipher: aes128-gcm@openssh.com"), std::string::npos);
    EXPECT_NE(server.log().find("kex: algorithm: curve25519-sha256"), std::string::npos);
}

TEST(Connect, RefusesAnotherHostKey) {
    const SshServer server;
    auto address = server.address();
    address.host_key = host::guest_module().make_key("stranger").public_key;
    EXPECT_EQ(connect_error(address, patience()), "guest-host-key");
    EXPECT_EQ(server.log().find("Accepted publickey"), std::string::npos);
}

TEST(Connect, RefusesAnotherKindOfHostKey) {
    const TemporaryFolder folder;
    const std::string key = folder.path() / "rsa_key";
    const Cancel never;
    host::run_program(
        {{"ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", key}, {}, {}, {}},
        patience(), never);
    const SshServer server{"HostKeyAlgorithms rsa-sha2-512\nHostKey " + key};
    EXPECT_EQ(connect_error(server.address(), patience()), "guest-host-key");
}

TEST(Connect, TellsThatItsKeyIsRefused) {
    const SshServer server;
    auto address = server.address();
    address.private_key_file = server.folder() / "another_key";
    host::write_file(address.private_key_file, host::guest_module().make_key("other").private_key);
    EXPECT_EQ(connect_error(address, patience()), "guest-denied");
}

TEST(Connect, TellsThatItsKeyIsNone) {
    const SshServer server;
    auto address = server.address();
    address.private_key_file = server.folder() / "absent";
    EXPECT_EQ(connect_error(address, patience()), "system");
    address.private_key_file = server.folder() / "sshd_config";
    EXPECT_EQ(connect_error(address, patience()), "bad-key");
}

TEST(Connect, DoesNotWaitPastTheDeadlineForAServerThatNeverSpeaks) {
    const Listener silent;
    host::GuestAddress address{"127.0.0.1", silent.port(), "nobody", "/none", "none"};
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(connect_error(address, Deadline::after(300ms)), "guest-unreachable");
    EXPECT_GE(std::chrono::steady_clock::now() - before, 300ms);
}

TEST(Connect, StopsWaitingWhenTheUserGivesUp) {
    const Listener silent;
    const host::GuestAddress address{"127.0.0.1", silent.port(), "nobody", "/none", "none"};
    Cancel cancel;
    std::thread user{[&] { cancel.request(); }};
    EXPECT_EQ(error_id([&] { host::guest_module().connect(address, patience(), cancel); }),
              "interrupted");
    user.join();
}

TEST(Connect, CallsAServerThatHangsUpUnreachable) {
    Listener rude;
    std::thread server{[&] { rude.reset_one(); }};
    const host::GuestAddress address{"127.0.0.1", rude.port(), "nobody", "/none", "none"};
    EXPECT_EQ(connect_error(address, patience()), "guest-unreachable");
    server.join();
}

TEST(Connect, CallsAClosedPortUnreachable) {
    std::uint16_t port = 0;
    {
        const Listener gone;
        port = gone.port();
    }
    const host::GuestAddress address{"127.0.0.1", port, "nobody", "/none", "none"};
    EXPECT_EQ(connect_error(address, patience()), "guest-unreachable");
}

TEST(Connect, RefusesAHostName) {
    const host::GuestAddress address{"localhost", 22, "nobody", "/none", "none"};
    EXPECT_EQ(connect_error(address, patience()), "bad-address");
}

TEST(Connect, LeavesNoDescriptorOpen) {
    const SshServer server;
    const auto open_descriptors = [] {
        return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"}, {});
    };
    connect(server);
    const auto before = open_descriptors();
    connect(server);
    auto address = server.address();
    address.host_key = host::guest_module().make_key("stranger").public_key;
    connect_error(address, patience());
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace davit::test
