// SPDX-License-Identifier: Apache-2.0
// A real OpenSSH server on a loopback port, for tests that need something like a guest.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "guest/guest.hpp"
#include "support/temporary_folder.hpp"

namespace davit::test {

// Runs as the invoking user, lets that user in with a key of its own, and ends everything that was
// started through it when it is destroyed.
class SshServer {
 public:
    // `configuration`: more lines for sshd_config(5).
    explicit SshServer(const std::string &configuration = {});
    ~SshServer();
    SshServer(const SshServer &) = delete;
    SshServer &operator=(const SshServer &) = delete;

    // How to connect to it, with the right keys.
    const host::GuestAddress &address() const { return address_; }
    // A folder of its own, where tests may leave files.
    const std::filesystem::path &folder() const { return folder_.path(); }
    // What the servers of all connections have logged.
    std::string log() const;

    // Sends a signal to every process of every connection: SIGKILL cuts them off, SIGSTOP makes
    // them keep silent.
    void signal_connections(int signal) const;

 private:
    void write_configuration(const std::string &more);
    void listen_in_child();

    TemporaryFolder folder_;
    host::GuestAddress address_;
    pid_t listener_ = -1;
};

// The name of the user who runs the test.
std::string user_name();

// Why a server of this user cannot give terminals on this computer; empty: it can.
std::string no_terminals();

}  // namespace davit::test
