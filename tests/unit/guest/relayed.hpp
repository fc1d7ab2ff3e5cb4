// SPDX-License-Identifier: Apache-2.0
// A relay program under test: its process, and the other ends of its standard streams.
#pragma once

#include <sys/types.h>
#include <termios.h>

#include <string>
#include <vector>

#include "base/files.hpp"
#include "support/ssh_server.hpp"

namespace davit::test {

// The command line that relays `argv` from a guest.
std::vector<std::string> relay_line(const SshServer &server, const std::vector<std::string> &argv,
                                    const std::string &mode = "plain");

// Throws std::runtime_error when what is waited for does not come.
class Relayed {
 public:
    enum class Streams { pipes, terminal };

    Relayed(const SshServer &server, Streams streams, const std::vector<std::string> &argv);
    ~Relayed();
    Relayed(const Relayed &) = delete;
    Relayed &operator=(const Relayed &) = delete;

    pid_t pid() const { return pid_; }
    // Everything that came on standard output (and error, with a terminal), until it holds `text`.
    std::string read_until(const std::string &text);
    void type(const std::string &keys);
    void signal(int number) const;
    // The exit status; 128 + n if a signal ended the relay itself.
    int wait();

    // With a terminal:
    void resize(unsigned short columns, unsigned short rows);
    termios mode() const;
    void restore(const termios &mode) const;

 private:
    void watch();
    [[noreturn]] void become(const std::vector<std::string> &line);

    pid_t pid_ = -1;
    host::Fd process_;   // pidfd_open(2)
    host::Fd near_;      // the terminal's master, or the pipe from standard output
    host::Fd to_input_;  // the pipe to standard input
    host::Fd far_;       // the terminal, kept open so that its mode can be looked at
    std::string seen_;
};

}  // namespace davit::test
