// SPDX-License-Identifier: Apache-2.0
// The host's one error type: what happened, to what, and what to do.
#pragma once

#include <stdexcept>
#include <string>

namespace davit::host {

// The exit codes of davit, documented in docs/errors.md. `exec` and `shell` also return the guest
// command's own status.
enum class ExitCode : int {
    ok = 0,
    usage = 1,          // the command line is wrong
    failed = 2,         // the command failed
    unsupported = 3,    // this driver never can
    unavailable = 4,    // this computer lacks something
    timeout = 5,        // a deadline passed
    interrupted = 130,  // Ctrl-C
    guest = 255,        // the connection to the guest failed during exec or shell
};

// `id` is stable: lower case, words joined by hyphens. `message` is a sentence without a full stop;
// `hint` says what to do, and may be empty.
class Error : public std::runtime_error {
 public:
    Error(std::string id, const std::string &message, std::string hint = {},
          ExitCode code = ExitCode::failed)
        : std::runtime_error(message), id_(std::move(id)), hint_(std::move(hint)), code_(code) {}

    const std::string &id() const { return id_; }
    std::string message() const { return what(); }
    const std::string &hint() const { return hint_; }
    ExitCode code() const { return code_; }

 private:
    std::string id_;
    std::string hint_;
    ExitCode code_;
};

// The error of a failed system call: "cannot <action>: <strerror>", id "disk-full" for ENOSPC and
// EDQUOT, "permission-denied" for EACCES and EPERM, else "system". `number` is an errno value.
Error system_error(int number, const std::string &action);

// The error of a user's Ctrl-C.
Error interrupted_error();

}  // namespace davit::host
