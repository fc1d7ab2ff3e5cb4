// SPDX-License-Identifier: Apache-2.0
// Waiting until a guest that was started can be used.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "guest/guest.hpp"
#include "output/progress.hpp"

namespace davit::host {

// Where the guest is now, asked before each attempt, since it can change while a guest boots.
// nullopt: not known yet. Throws if there will never be one, for instance because the machine died.
using Locate = std::function<std::optional<GuestAddress>()>;

// Attempts until the guest lets us in. Error "guest-timeout" (exit code timeout) at the deadline; a
// wrong host key ends it at once.
std::unique_ptr<GuestSession> wait_for_ssh(const Locate &locate, Deadline deadline,
                                           Progress &progress, const Cancel &cancel);

// Waits until cloud-init has finished this boot, and returns what it says went wrong, a line each.
// A guest without cloud-init: returns at once. Error "guest-timeout".
std::vector<std::string> wait_for_cloud_init(GuestSession &session, Deadline deadline,
                                             Progress &progress, const Cancel &cancel);

}  // namespace davit::host
