// SPDX-License-Identifier: Apache-2.0
// What a long step tells the user while it runs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace davit::host {

// Thread-safe. A step lasts until the next one, or until done().
class Progress {
 public:
    virtual ~Progress() = default;
    // `phase` is a few words, such as "waiting for SSH". `total` 0 means unknown.
    virtual void step(const std::string &phase, std::uint64_t done, std::uint64_t total) = 0;
    // A line that stays, such as a warning.
    virtual void note(const std::string &line) = 0;
    // Takes the step off the screen.
    virtual void done() = 0;
};

// On a terminal a line that is redrawn, with a bar where a total is known; elsewhere a line a
// phase. Steps shorter than half a second are not shown. Writes to standard error.
std::unique_ptr<Progress> make_console_progress();
std::unique_ptr<Progress> make_silent_progress();

}  // namespace davit::host
