// SPDX-License-Identifier: Apache-2.0
// Whether nobody but root and the user could have put a file there.
#pragma once

#include <filesystem>

namespace davit::host {

// A plugin runs with the user's rights, so who can change its files can act as the user. Trusted is
// a file or folder that belongs to root or to the user, that neither group nor others can write,
// and whose every parent belongs to root or to the user too and cannot be written by everybody,
// unless it is sticky like /tmp: there others cannot rename or replace what is not theirs. A parent
// that a group can write is accepted, since its owner gave it to that group (Debian's /usr/local is
// such). Because the whole path is checked, nothing can be swapped between this check and the use.
//
// Errors: "plugin-unsafe-owner", "plugin-unsafe-mode", "plugin-unsafe-parent", "plugin-not-a-file",
// "system". Both return the canonical path.
std::filesystem::path trusted_folder(const std::filesystem::path &folder);
std::filesystem::path trusted_file(const std::filesystem::path &file);

// True where the program runs with more rights than its caller has: set-user-id, set-group-id or
// file capabilities. The caller's environment and files are then not to be believed.
bool elevated();

}  // namespace davit::host
