// SPDX-License-Identifier: Apache-2.0
// Every plugin of this computer, found from manifests alone.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plugins/manifest.hpp"

namespace davit::host {

// Where plugins are looked for, in order. Each holds one folder a plugin, or is one plugin's
// folder.
struct PluginFolder {
    std::filesystem::path path;
    std::string origin;  // "--plugin-dir", "DAVIT_PLUGIN_PATH", "user", "system", "bundled"
};

// What the search path depends on.
struct SearchContext {
    bool elevated = false;                           // this process has more rights than its caller
    std::map<std::string, std::string> environment;  // DAVIT_PLUGIN_PATH, XDG_DATA_HOME, HOME
    std::filesystem::path prefix;                    // what the program is installed below

    static SearchContext of_this_process();
};

// --plugin-dir, DAVIT_PLUGIN_PATH, the user's folder, the system's folders, and the one installed
// with this program; each once, whether it exists or not. With elevated privileges (AT_SECURE)
// environment and user folder are left out, and --plugin-dir is Error "plugin-dir-elevated".
std::vector<PluginFolder> plugin_search_path(
    const std::vector<std::filesystem::path> &given,
    const SearchContext &context = SearchContext::of_this_process());

// A plugin that cannot be used: each deserves one warning, but those that an earlier one of the
// same id or name hides (Error "plugin-shadowed") are only listed.
struct SkippedPlugin {
    std::filesystem::path folder;
    std::string name;  // the manifest's, or the folder's where the manifest is unreadable
    Error error;
};

class PluginRegistry {
 public:
    // Reads the manifests below each folder, in order, sorted by name. A folder that does not exist
    // holds nothing, unless --plugin-dir named it: Error "plugin-dir-missing" (exit code usage).
    static PluginRegistry scan(const std::vector<PluginFolder> &path);

    std::vector<const Manifest *> drivers() const;  // sorted by name
    std::vector<const Manifest *> mounts() const;
    const std::vector<Manifest> &all() const { return plugins_; }
    const std::vector<SkippedPlugin> &skipped() const { return skipped_; }

    // The plugin of that kind. Errors: the reason why it was skipped, if it was, else
    // "driver-unknown" or "mount-unknown" with the names that there are.
    const Manifest &find(PluginKind kind, const std::string &name) const;

 private:
    void add(const std::filesystem::path &folder);
    std::vector<const Manifest *> of_kind(PluginKind kind) const;

    std::vector<Manifest> plugins_;
    std::vector<SkippedPlugin> skipped_;
};

}  // namespace davit::host
