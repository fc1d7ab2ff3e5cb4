// SPDX-License-Identifier: Apache-2.0
// A client of QMP, the protocol by which a running QEMU is controlled.
#pragma once

#include <filesystem>
#include <string>

#include "support/files.hpp"
#include "support/json.hpp"
#include "support/wait.hpp"

namespace davit::qemu {

using support::Json;
using support::Wait;

// QEMU answered a command with an error; `kind` is its class, such as "GenericError".
class QmpRefused : public Error {
 public:
    QmpRefused(const std::string &command, std::string kind, const std::string &description);
    const std::string &kind() const { return kind_; }

 private:
    std::string kind_;
};

// QEMU is not there, or ended in the middle of a conversation.
class QmpClosed : public Error {
 public:
    explicit QmpClosed(const std::string &message) : Error(DAVIT_E_STATE, message) {}
};

// One conversation. QEMU serves one at a time per socket: a second one gets no greeting until the
// first is over, so keep it short. Every function throws DAVIT_E_TIMEOUT when its wait ends; after
// that, and after QmpClosed, the conversation is of no further use. Not thread-safe.
class Qmp {
 public:
    // Begins a conversation on the socket `name` in `folder`, whose path may have any length.
    static Qmp connect(const std::filesystem::path &folder, const std::string &name,
                       const Wait &wait);

    // Begins one on a connected socket: awaits the greeting, then negotiates.
    Qmp(support::Fd socket, const Wait &wait);

    // Runs a command and returns what it returned. Events that come in between are dropped.
    Json execute(const std::string &command, const Wait &wait,
                 const Json &arguments = Json::object());

    // Runs a command of the human monitor and returns its text.
    std::string human(const std::string &command, const Wait &wait);

 private:
    void send(const std::string &line, const Wait &wait);
    Json receive(const Wait &wait);

    support::Fd socket_;
    std::string unread_;
    std::uint64_t last_id_ = 0;
};

}  // namespace davit::qemu
