// SPDX-License-Identifier: Apache-2.0
// A session with a guest: commands over one connection.
#pragma once

#include <memory>
#include <string>

#include "guest/guest.hpp"
#include "guest/module/connection.hpp"

namespace davit::host::guest {

class Session : public GuestSession {
 public:
    explicit Session(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

    GuestResult run(const GuestCommand &command, const std::string &input, Deadline deadline,
                    const Cancel &cancel) override;
    int relay(const GuestCommand &command, Terminal terminal, const Cancel &cancel) override;
    std::unique_ptr<GuestStream> open(const GuestCommand &command, GuestErrors on_errors,
                                      const Cancel &cancel) override;

 private:
    std::shared_ptr<Connection> connection_;
};

}  // namespace davit::host::guest
