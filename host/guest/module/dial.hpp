// SPDX-License-Identifier: Apache-2.0
// TCP connections that are given up in time.
#pragma once

#include "base/files.hpp"
#include "base/wait.hpp"
#include "guest/guest.hpp"

namespace davit::host::guest {

// A non-blocking TCP socket connected to the guest. Error "guest-unreachable".
Fd dial(const GuestAddress &address, Deadline deadline, const Cancel &cancel);

Error unreachable(const GuestAddress &address, const std::string &why);

}  // namespace davit::host::guest
