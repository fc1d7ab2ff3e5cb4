// SPDX-License-Identifier: Apache-2.0
// The scan: manifests in, plugins and the reasons for skipping some out.
#include "plugins/registry.hpp"

#include <algorithm>

namespace davit::host {
namespace {

namespace fs = std::filesystem;

bool holds_manifest(const fs::path &folder) {
    std::error_code failed;
    const auto type = fs::symlink_status(folder / "plugin.json", failed).type();
    return type != fs::file_type::not_found && type != fs::file_type::none;
}

// The plugins' folders below `folder`, sorted, since readdir(3) gives them in any order. What holds
// no plugin.json is no plugin.
std::vector<fs::path> plugin_folders(const fs::path &folder) {
    if (holds_manifest(folder)) return {folder};
    std::vector<fs::path> found;
    for (const auto &entry : fs::directory_iterator{folder}) {
        if (holds_manifest(entry.path())) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

void PluginRegistry::add(const fs::path &folder) {
    try {
        Manifest manifest = read_manifest(folder);
        const auto hidden_by =
            std::find_if(plugins_.begin(), plugins_.end(), [&](const Manifest &known) {
                return known.id == manifest.id ||
                       (known.kind == manifest.kind && known.name == manifest.name);
            });
        if (hidden_by == plugins_.end()) {
            plugins_.push_back(std::move(manifest));
            return;
        }
        Error error{"plugin-shadowed",
                    "the plugin in " + folder.string() + " is hidden by the one in " +
                        hidden_by->folder.string() + ", which is searched first",
                    "remove one of the two"};
        skipped_.push_back({folder, manifest.name, std::move(error)});
    } catch (const Error &error) {
        skipped_.push_back({folder, folder.filename().string(), error});
    }
}

PluginRegistry PluginRegistry::scan(const std::vector<PluginFolder> &path) {
    PluginRegistry registry;
    for (const auto &place : path) {
        std::error_code failed;
        const auto type = fs::status(place.path, failed).type();
        if (type == fs::file_type::not_found) {
            if (place.origin != "--plugin-dir") continue;
            throw Error{"plugin-dir-missing", "there is no folder " + place.path.string(),
                        "name a folder of plugins after --plugin-dir", ExitCode::usage};
        }
        try {
            for (const auto &folder : plugin_folders(place.path)) registry.add(folder);
        } catch (const fs::filesystem_error &error) {
            registry.skipped_.push_back({place.path, place.path.filename().string(),
                                         Error{"plugin-folder-unreadable",
                                               "cannot look for plugins in " + place.path.string() +
                                                   ": " + error.code().message(),
                                               "make it a folder that you can read"}});
        }
    }
    return registry;
}

std::vector<const Manifest *> PluginRegistry::of_kind(PluginKind kind) const {
    std::vector<const Manifest *> found;
    for (const auto &plugin : plugins_) {
        if (plugin.kind == kind) found.push_back(&plugin);
    }
    std::sort(found.begin(), found.end(),
              [](const Manifest *a, const Manifest *b) { return a->name < b->name; });
    return found;
}

std::vector<const Manifest *> PluginRegistry::drivers() const {
    return of_kind(PluginKind::driver);
}

std::vector<const Manifest *> PluginRegistry::mounts() const {
    return of_kind(PluginKind::mount);
}

const Manifest &PluginRegistry::find(PluginKind kind, const std::string &name) const {
    for (const auto &plugin : plugins_) {
        if (plugin.kind == kind && plugin.name == name) return plugin;
    }
    for (const auto &skipped : skipped_) {
        if (skipped.name == name) throw skipped.error;
    }
    std::string names;
    for (const Manifest *plugin : of_kind(kind))
        names += (names.empty() ? "" : ", ") + plugin->name;
    const bool driver = kind == PluginKind::driver;
    const std::string word = driver ? "driver" : "mount";
    throw Error{driver ? "driver-unknown" : "mount-unknown",
                "there is no " + word + " named \"" + name + "\"",
                names.empty() ? "no " + word + " is installed; see: davit plugin list"
                              : "choose one of: " + names};
}

}  // namespace davit::host
