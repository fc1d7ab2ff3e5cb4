// SPDX-License-Identifier: Apache-2.0
// A guest command that has this process's standard streams, signals and terminal.
#pragma once

#include <memory>

#include "guest/guest.hpp"
#include "guest/module/connection.hpp"

namespace davit::host::guest {

// See GuestSession::relay().
int relay(const std::shared_ptr<Connection> &connection, const GuestCommand &command,
          Terminal terminal, const Cancel &cancel);

}  // namespace davit::host::guest
