// SPDX-License-Identifier: Apache-2.0
// The guest, seen from the host: keys, seed and SSH sessions. Implemented by the module "guest".
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/wait.hpp"

namespace davit::host {

// An ed25519 key pair: OpenSSH's private key file format, and the "ssh-ed25519 AAAA... comment"
// line.
struct KeyPair {
    std::string private_key;
    std::string public_key;
};

struct GuestAddress {
    std::string host;  // an IP address; names are not looked up
    std::uint16_t port = 22;
    std::string user;
    std::filesystem::path private_key_file;  // the user's key
    std::string host_key;                    // "ssh-ed25519 AAAA...": the only one that is accepted
    // How long a guest that is asked may keep silent before the connection counts as lost.
    Milliseconds silence = std::chrono::seconds{60};
};

// A command line for a guest: an argument vector, quoted so that no guest shell interprets it,
// whichever shell the user has. `folder` is entered first; empty: the user's home. A folder that
// cannot be entered is told on standard error, and is status 126; a program that is missing, 127.
struct GuestCommand {
    std::vector<std::string> argv;
    std::string folder;
    std::map<std::string, std::string> environment;  // added to what the guest gives
};

struct GuestResult {
    int status = 0;      // exit status; 128 + n if signal n ended the command
    std::string signal;  // "TERM", without SIG; empty: none
    std::string output;
    std::string errors;
    bool cut = false;  // of output or errors, what was beyond 16 MiB was dropped
};

// A duplex byte stream to a guest command's standard input and output. One reader and one writer
// may use it at once; it is destroyed once they have returned, which ends the command's input.
// Throws Error "guest-lost".
class GuestStream {
 public:
    virtual ~GuestStream() = default;
    virtual std::size_t read(void *data, std::size_t size, const Cancel &cancel) = 0;  // 0: the end
    virtual void write(const void *data, std::size_t size, const Cancel &cancel) = 0;
};

enum class Terminal { no, yes };

// Takes what a guest command wrote to standard error, in pieces, on the thread that reads or
// writes.
using GuestErrors = std::function<void(std::string_view text)>;

// An authenticated connection to a guest. [serial] Throws Error "guest-lost" (exit code guest) when
// the connection breaks, or the guest keeps silent.
class GuestSession {
 public:
    virtual ~GuestSession() = default;

    // Runs a command to its end, its standard input being `input`. Error "timeout" at the deadline;
    // then, and on Ctrl-C, the command is asked to end, and the session stays usable.
    virtual GuestResult run(const GuestCommand &command, const std::string &input,
                            Deadline deadline, const Cancel &cancel) = 0;

    // Runs a command with this process's standard input, output and error, kept apart; with
    // `terminal`, in a pseudo-terminal (raw mode here, window size and its changes passed on).
    // SIGINT, SIGTERM, SIGHUP and SIGQUIT of this process are passed to the command, until a second
    // one gives it up; before the command has begun, `cancel` does. Returns the exit status, or
    // 128 + n if signal n ended the command. An empty argv is a login shell.
    virtual int relay(const GuestCommand &command, Terminal terminal, const Cancel &cancel) = 0;

    // Starts a command whose standard input and output are the stream. The stream has the session
    // to itself from now on, and outlives it.
    virtual std::unique_ptr<GuestStream> open(const GuestCommand &command, GuestErrors on_errors,
                                              const Cancel &cancel) = 0;
};

struct SeedFile {
    std::string name;
    std::string content;
};

class GuestModule {
 public:
    virtual ~GuestModule() = default;

    virtual KeyPair make_key(const std::string &comment) = 0;

    // One attempt. Errors: "guest-unreachable" (nobody answers by the deadline: worth another one),
    // "guest-host-key" (somebody else answers: never retried), "guest-denied" (the key is refused),
    // all with exit code guest.
    virtual std::unique_ptr<GuestSession> connect(const GuestAddress &address, Deadline deadline,
                                                  const Cancel &cancel) = 0;

    // Writes a cloud-init NoCloud seed: an ISO 9660 image with Joliet and Rock Ridge names, volume
    // id "cidata" (in capitals where the format has no others). Replaces `path` atomically.
    virtual void write_seed(const std::filesystem::path &path,
                            const std::vector<SeedFile> &files) = 0;
};

// Maps the module on first use. The same object every time.
GuestModule &guest_module();

}  // namespace davit::host
