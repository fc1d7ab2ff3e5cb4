// SPDX-License-Identifier: Apache-2.0
// A command as the one line of text that SSH carries to the user's login shell.
#pragma once

#include <string>

#include "guest/guest.hpp"

namespace davit::host::guest {

// Every login shell (sh, bash, zsh, fish, csh) makes the same of this line: /bin/sh replaces it,
// enters the folder, and is replaced by argv, byte by byte as given. Error "bad-command" for what
// no command line can carry: a NUL, or a variable without a name.
std::string command_line(const GuestCommand &command);

// The command that sends the signal ("INT") to every other command of the same connection.
GuestCommand signal_command(const std::string &signal);

}  // namespace davit::host::guest
