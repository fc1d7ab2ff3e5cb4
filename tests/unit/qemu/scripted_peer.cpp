// SPDX-License-Identifier: Apache-2.0
// Plays the script on a thread of its own.
#include "scripted_peer.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace davit::qemu::test {

ScriptedPeer::ScriptedPeer(std::vector<std::string> script, Ending ending)
    : script_(std::move(script)), ending_(ending) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        throw std::runtime_error("socketpair");
    }
    client_ = support::Fd{ends[0]};
    own_ = support::Fd{ends[1]};
    thread_ = std::thread([this] { play(); });
}

ScriptedPeer::~ScriptedPeer() {
    client_ = {};
    if (thread_.joinable()) thread_.join();
}

const std::vector<std::string> &ScriptedPeer::heard() {
    if (thread_.joinable()) thread_.join();
    return heard_;
}

void ScriptedPeer::play() {
    std::string line;
    for (const std::string &text : script_) {
        (void)send(own_.get(), text.data(), text.size(), MSG_NOSIGNAL);
        if (&text == &script_.back() && ending_ == Ending::closes) break;
        char c = 0;
        while (read(own_.get(), &c, 1) == 1 && c != '\n') line += c;
        if (c != '\n') return;
        heard_.push_back(std::exchange(line, {}));
    }
    own_ = {};
}

}  // namespace davit::qemu::test
