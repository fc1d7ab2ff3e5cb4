// SPDX-License-Identifier: Apache-2.0
// What the tests of the guest say often.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "guest/guest.hpp"
#include "support/ssh_server.hpp"

namespace davit::test {

using namespace std::chrono_literals;

// Generous: no test depends on the speed of this computer.
inline host::Deadline patience() {
    return host::Deadline::after(120s);
}

inline std::unique_ptr<host::GuestSession> connect(const SshServer &server) {
    const host::Cancel never;
    return host::guest_module().connect(server.address(), patience(), never);
}

inline host::GuestResult run(host::GuestSession &session, std::vector<std::string> argv,
                             const std::string &input = {}) {
    const host::Cancel never;
    return session.run({std::move(argv), {}, {}}, input, patience(), never);
}

// The id of the Error that `action` throws; empty: none.
template <typename Action>
std::string error_id(const Action &action) {
    try {
        action();
    } catch (const host::Error &error) {
        return error.id();
    }
    return {};
}

}  // namespace davit::test
