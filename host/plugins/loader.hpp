// SPDX-License-Identifier: Apache-2.0
// From a manifest to a running plugin: mapped, verified, started, never unmapped.
#pragma once

#include <davit/cxx/host.hpp>

#include "plugins/driver.hpp"
#include "plugins/manifest.hpp"
#include "plugins/services.hpp"

namespace davit::host {

// Maps the plugin's library, which stays mapped until the process ends, and verifies everything
// that can be verified without calling more than its entry and get(). In this order, the first
// violation thrown as Error "plugin-..." (docs/plugin-errors.md):
//   1. the library lies beside the manifest, and only root or the user can have put it there
//   2. it is a library for this computer
//   3. it loads, every symbol bound
//   4. it has an entry of its own
//   5. the entry's table has a possible size, the right major, and no NULL
//   6. the manifest in the library is the one beside it
//   7. every declared capability has a table, full within its size; no known one is undeclared
const davit_plugin &map_plugin(const Manifest &manifest);

// A plugin that was mapped, verified and started.
class Plugin {
 public:
    Plugin(const Manifest &manifest, const davit_plugin &plugin)
        : manifest_(manifest), tables_(plugin), services_(manifest.name) {}

    const Manifest &manifest() const { return manifest_; }
    const davit::loaded::Plugin &tables() const { return tables_; }

    // The plugin's start(). Error "plugin-start-failed", with what the plugin said.
    void start(const CallOptions &call);
    void stop() const { tables_.stop(); }

 private:
    Manifest manifest_;
    davit::loaded::Plugin tables_;
    HostServices services_;
};

// Maps, verifies and starts a plugin; once for each library. Thread-safe.
Plugin &load_plugin(const Manifest &manifest, const CallOptions &call);

}  // namespace davit::host
