// SPDX-License-Identifier: Apache-2.0
// A loaded driver, for the rest of the host: documents in, documents out, errors thrown.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/wait.hpp"
#include "output/progress.hpp"
#include "plugins/manifest.hpp"

namespace davit::host {

// What bounds and watches one call into a plugin.
struct CallOptions {
    Deadline deadline;
    const Cancel &cancel;
    Progress &progress;
};

enum class StopHow { graceful, force };

// A machine opened by this process; closed with its owner. Errors of the plugin arrive as Error
// with ids "driver-failed", "driver-invalid", "driver-unsupported", "driver-unavailable",
// "driver-state", "driver-not-found", "driver-exists", "driver-busy", "driver-timeout",
// "interrupted", "disk-full".
class Machine {
 public:
    virtual ~Machine() = default;
    virtual Json inspect(const CallOptions &call) = 0;
    virtual void start(const CallOptions &call) = 0;
    virtual void stop(StopHow how, const CallOptions &call) = 0;
    virtual void remove(const CallOptions &call) = 0;
};

class Driver {
 public:
    virtual ~Driver() = default;
    virtual const Manifest &manifest() const = 0;
    virtual Json probe(const CallOptions &call) = 0;
    virtual void create(const std::filesystem::path &folder, const Json &spec,
                        const CallOptions &call) = 0;
    virtual std::unique_ptr<Machine> open(const std::filesystem::path &folder,
                                          const CallOptions &call) = 0;
};

// Maps, verifies and starts the driver's library. Errors "plugin-..." (docs/plugin-errors.md).
// Loading the same driver again gives the same object.
Driver &load_driver(const Manifest &manifest, Progress &progress, const Cancel &cancel);

// Stops every plugin that was loaded, once no Machine is left; main() calls it last. Afterwards
// only leaving the process is allowed.
void stop_plugins() noexcept;

// What a driver answers when it is asked whether it works here.
struct ProbeResult {
    const Manifest *manifest = nullptr;
    Json reply = Json::object();  // schema probe-1.json, if it is available
    std::optional<Error> error;   // if not: why, and what to do

    bool available() const { return !error; }
};

// Probes drivers side by side, each in a process of its own that ends with the deadline, so that
// one that hangs or crashes is a result that says so. In the order given.
std::vector<ProbeResult> probe_drivers(const std::vector<const Manifest *> &drivers,
                                       Milliseconds deadline, const Cancel &cancel);

// The body of that process: the hidden command `davit __probe FOLDER`, which the running program
// must understand. Replies on descriptor probe_reply_fd. Returns the exit status.
constexpr int probe_reply_fd = 3;
int probe_child(const std::filesystem::path &folder);

}  // namespace davit::host
