// SPDX-License-Identifier: Apache-2.0
// An errand's four stages.
#include "guest/module/errand.hpp"

#include <utility>

#include "guest/module/command_line.hpp"

namespace davit::host::guest {

Errand::Errand(std::shared_ptr<Connection> connection, const GuestCommand &command)
    : channel_(std::move(connection)), line_(command_line(command)) {}

bool Errand::step() {
    const auto advance = [this](int result, Stage next) {
        if (result == SSH_AGAIN) return false;
        stage_ = result == SSH_OK ? next : Stage::over;
        return true;
    };
    if (stage_ == Stage::opening &&
        !advance(ssh_channel_open_session(channel_.raw()), Stage::beginning)) {
        return false;
    }
    if (stage_ == Stage::beginning &&
        !advance(ssh_channel_request_exec(channel_.raw(), line_.c_str()), Stage::running)) {
        return false;
    }
    if (stage_ == Stage::running && channel_.output_ended()) stage_ = Stage::over;
    return stage_ == Stage::over;
}

}  // namespace davit::host::guest
