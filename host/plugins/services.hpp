// SPDX-License-Identifier: Apache-2.0
// The host as one plugin sees it: its davit_host, with a log and the services by id.
#pragma once

#include <davit/plugin.h>

#include <memory>
#include <string>

namespace davit::host {

// Must live as long as the plugin runs.
class HostServices {
 public:
    explicit HostServices(std::string plugin);
    HostServices(const HostServices &) = delete;
    HostServices &operator=(const HostServices &) = delete;

    const davit_host *host() const { return &host_; }

 private:
    std::string plugin_;
    davit_host host_;
};

// Appends a line to $DAVIT_HOME/logs/plugins.log, and to standard error if DAVIT_DEBUG is set,
// without which lines of level DAVIT_LOG_DEBUG are dropped. A log that cannot be written stops
// nothing.
void write_plugin_log(const std::string &plugin, int32_t level, const char *message) noexcept;

// The table behind "davit.host.process/1".
const void *process_service();

}  // namespace davit::host
