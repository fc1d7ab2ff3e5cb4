// SPDX-License-Identifier: Apache-2.0
// Programs, by way of the host, with values instead of documents.
#pragma once

#include <chrono>
#include <davit/cxx/plugin.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "json.hpp"

namespace davit::support {

// What a process is known by (schema process-1.json), opaque here.
using Identity = Json;

struct ToolResult {
    int status = 0;
    std::string output;
    std::string errors;
};

// Runs a tool in `folder` (empty: wherever) to its end, its messages in English.
// DAVIT_E_UNAVAILABLE if it is not installed.
ToolResult run_tool(const Process &process, const std::vector<std::string> &argv,
                    const std::filesystem::path &folder, Call &call);

struct Spawn {
    std::vector<std::string> argv;
    std::filesystem::path folder;
    std::filesystem::path log;
    std::filesystem::path identity;
};

// Starts a program that outlives this process.
Identity spawn(const Process &process, const Spawn &request, Call &call);

bool alive(const Process &process, const Identity &identity, Call &call);

// Waits until a process has ended; false if that takes longer than `most`, or than the call may.
bool wait_gone(const Process &process, const Identity &identity, std::chrono::milliseconds most,
               Call &call);

// Ends a process at once and waits until it is gone, also if the call that it was started for is
// cancelled or over.
void end_at_once(const Process &process, const Identity &identity);

}  // namespace davit::support
