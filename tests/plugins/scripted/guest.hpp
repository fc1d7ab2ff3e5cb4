// SPDX-License-Identifier: Apache-2.0
// The process that stands for a machine: an SSH server of this computer, on loopback.
#pragma once

#include <string>

#include "script.hpp"

namespace scripted {

// What a machine's guest needs, made by start() in the machine's folder from the seed of its spec:
// host key, authorised keys, configuration. Cheap to construct.
class Guest {
 public:
    Guest(const davit::Host &host, std::string folder)
        : process_(host), folder_(std::move(folder)) {}

    void start(const Json &spec, const Json &machine, davit::Call &call) const;
    // Asks it to end, and waits for that until the deadline of `call`.
    void shut_down(const Json &machine, davit::Call &call) const;
    void kill(davit::Call &call) const;

    bool running(davit::Call &call) const;
    int pid() const;
    int port() const;
    std::string console() const { return folder_ + "/console.log"; }

 private:
    std::string identity() const;  // "" if it was never started
    void serve_ssh(const Json &spec, davit::Call &call) const;
    void spawn(const Json &argv, davit::Call &call) const;
    void configure(const Json &spec, int port, davit::Call &call) const;
    bool answers(int port, davit::Call &call) const;

    davit::Process process_;
    std::string folder_;
};

// The name of the user that this process runs as: the only one whom a server of theirs lets in.
std::string user_name();

}  // namespace scripted
