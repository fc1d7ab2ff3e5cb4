// SPDX-License-Identifier: Apache-2.0
// The other end of a QMP conversation, played by a test.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "support/files.hpp"

namespace davit::qemu::test {

inline const char *const greeting = "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\n";
inline const char *const agreed = "{\"return\": {}, \"id\": 1}\n";

// Says one text right away, and one more after each line it hears; then closes, or stays silent.
class ScriptedPeer {
 public:
    enum class Ending { closes, stays };

    ScriptedPeer(std::vector<std::string> script, Ending ending);
    ~ScriptedPeer();
    ScriptedPeer(const ScriptedPeer &) = delete;
    ScriptedPeer &operator=(const ScriptedPeer &) = delete;

    support::Fd client() { return std::move(client_); }  // once
    // What it heard, line by line; after the client has gone.
    const std::vector<std::string> &heard();

 private:
    void play();

    std::vector<std::string> script_;
    Ending ending_;
    support::Fd client_;
    support::Fd own_;
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace davit::qemu::test
