// SPDX-License-Identifier: Apache-2.0
// Programs: tools run to their end, and processes that outlive the command, known by pid and start
// time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"

namespace davit::host {

// What a process is known by. A recycled pid has another start time; a restarted computer another
// boot id.
struct ProcessIdentity {
    int pid = 0;
    std::uint64_t start = 0;  // clock ticks after boot, field 22 of proc(5) /proc/pid/stat
    std::string boot;         // /proc/sys/kernel/random/boot_id

    static ProcessIdentity self();
    static ProcessIdentity from_json(const Json &document);
    Json to_json() const;
};

bool alive(const ProcessIdentity &process);
// False at the deadline.
bool wait_gone(const ProcessIdentity &process, Deadline deadline, const Cancel &cancel);
// Sends a signal, through a pidfd, so that nobody else is hit. False: it was gone already.
bool signal_process(const ProcessIdentity &process, int signal);

struct Program {
    std::vector<std::string> argv;                   // argv[0] is searched on PATH
    std::map<std::string, std::string> environment;  // added to this process's own
    fs::path folder;                                 // working directory; empty: this one's
    std::string input;                               // its whole standard input
};

struct ProgramResult {
    int status = 0;  // exit status; 128 + signal if a signal ended it
    int signal = 0;
    std::string output;
    std::string errors;
    bool cut = false;  // output beyond 16 MiB was dropped
};

// Runs a program to its end in a process group of its own, which the deadline (Error "timeout"),
// Ctrl-C, and the death of this process end. Not installed: Error "program-missing", exit code
// unavailable. Called back with each line of its standard error if `on_line` is given.
using LineCallback = std::function<void(std::string_view line)>;
ProgramResult run_program(const Program &program, Deadline deadline, const Cancel &cancel,
                          const LineCallback &on_line = {});

// Starts a program that outlives this process: own session, input from /dev/null, output and errors
// appended to `log`. Its identity is durable in `identity_file` before the program begins. Returns
// once the program has begun; Error if it could not.
ProcessIdentity spawn_program(const Program &program, const fs::path &log,
                              const fs::path &identity_file);

// Where a program is, as PATH and /usr/sbin say; nullopt if nowhere.
std::optional<fs::path> find_program(const std::string &name);

}  // namespace davit::host
