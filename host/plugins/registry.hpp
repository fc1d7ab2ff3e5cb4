// SPDX-License-Identifier: Apache-2.0
// Every plugin of this computer, found from manifests alone.
#pragma once

#include <string>
#include <vector>

#include "plugins/manifest.hpp"

namespace davit::host {

// Where plugins are looked for, in order; each folder holds one folder a plugin.
struct PluginFolder {
    std::filesystem::path path;
    std::string origin;  // "--plugin-dir", "DAVIT_PLUGIN_PATH", "user", "system", "bundled"
};

// --plugin-dir, DAVIT_PLUGIN_PATH, the user's folder, the system's folders, and the one installed
// with this program. With elevated privileges (AT_SECURE) environment and user folder are left out.
std::vector<PluginFolder> plugin_search_path(const std::vector<std::filesystem::path> &given);

// A plugin that cannot be used, or that an earlier one of the same id or name hides.
struct SkippedPlugin {
    std::filesystem::path folder;
    std::string name;  // the manifest's, or the folder's where the manifest is unreadable
    Error error;
};

class PluginRegistry {
 public:
    static PluginRegistry scan(const std::vector<PluginFolder> &path);

    std::vector<const Manifest *> drivers() const;  // sorted by name
    std::vector<const Manifest *> mounts() const;
    const std::vector<Manifest> &all() const { return plugins_; }
    const std::vector<SkippedPlugin> &skipped() const { return skipped_; }

    // The plugin of that kind. Errors: the reason why it was skipped, if it was, else
    // "driver-unknown" or "mount-unknown" with the names that there are.
    const Manifest &find(PluginKind kind, const std::string &name) const;

 private:
    std::vector<Manifest> plugins_;
    std::vector<SkippedPlugin> skipped_;
};

}  // namespace davit::host
