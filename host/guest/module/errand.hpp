// SPDX-License-Identifier: Apache-2.0
// A command that runs beside another one, and that nobody waits for.
#pragma once

#include <memory>
#include <string>

#include "guest/module/channel.hpp"

namespace davit::host::guest {

class Errand {
 public:
    Errand(std::shared_ptr<Connection> connection, const GuestCommand &command);

    // Goes on with it, without waiting. True: it is over, however it went.
    bool step();

 private:
    enum class Stage { opening, beginning, running, over };

    Channel channel_;
    std::string line_;
    Stage stage_ = Stage::opening;
};

}  // namespace davit::host::guest
