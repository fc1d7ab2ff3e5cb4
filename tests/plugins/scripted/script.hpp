// SPDX-License-Identifier: Apache-2.0
// What a test wants the scripted driver to do: the JSON file that DAVIT_SCRIPT names.
#pragma once

#include <davit/cxx/plugin.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace scripted {

using Json = nlohmann::json;

// {"VERB": {...}, ..., "machine": {...}}, a VERB being a function of davit_driver. Read anew for
// each call, so that a test can change it between two commands. All members are optional:
//   "delay_ms": N     waits first, and can be cancelled while it does
//   "steps": N        reports N steps of progress, each after "step_ms" (20), with "phase"
//   "crash": true     ends the process with SIGSEGV
//   "exit": N         ends the process with that status
//   "hang": true      never returns, whatever the user does
//   "throw": true     fails as an exception of no kind that the layer knows does
//   "status": -4, "message": "...", "hint": "..."   fails with that
//   "reply": {...}    replies this instead of the truth; "reply_text": any bytes
// "machine" says what start() starts:
//   "silent": true        runs, but has no SSH server
//   "exit_after_ms": N    ends by itself
//   "stubborn": true      does not react to a graceful stop
//   "console": "text"     what it prints first
class Script {
 public:
    static Script read();

    // Does what the script says about `verb`, except the reply. Throws what it says.
    void act(const char *verb, davit::Call &call) const;
    // The reply to give instead of `truth`, or `truth`.
    std::string reply(const char *verb, const Json &truth) const;

    const Json &machine() const { return machine_; }

 private:
    explicit Script(const Json &document);
    const Json &part(const char *verb) const;

    Json document_;
    Json machine_;
};

// Waits as long as that, asking now and then whether to go on.
void wait_cancellable(long milliseconds, davit::Call &call);

std::string read_file(const std::string &path);
void write_file(const std::string &path, const std::string &text);

}  // namespace scripted
