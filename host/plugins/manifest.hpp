// SPDX-License-Identifier: Apache-2.0
// plugin.json: all that the host knows of a plugin before it maps anything.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace davit::host {

enum class PluginKind { driver, mount };

// A parsed plugin.json (schema sdk/schema/plugin-1.json).
struct Manifest {
    std::filesystem::path folder;  // where it was found, absolute
    std::string bytes;             // the file, byte for byte
    std::string id;                // "org.davit.null"
    std::string name;              // what users type
    PluginKind kind = PluginKind::driver;
    std::string version;
    std::string library;                   // bare file name for this platform
    std::map<std::string, Json> provides;  // capability id -> parameters
    std::map<std::string, Json> needs;     // mounts: what they need of a driver
    std::string scope;                     // drivers; default: the name
    std::vector<std::string> adopts;       // drivers: scopes whose instances can be taken over
    int rank = 0;  // drivers: default_for[this platform]; mounts: "rank". 0: never picked by itself

    std::filesystem::path library_path() const { return folder / library; }
    bool provides_id(const std::string &capability) const { return provides.contains(capability); }
};

// Reads and checks <folder>/plugin.json, its owner and its mode. Throws Error with one of the ids
// "manifest-..." and "plugin-unsafe-..." listed in docs/plugin-errors.md.
Manifest read_manifest(const std::filesystem::path &folder);

// Parses the bytes of a plugin.json; `folder` is only for messages and for the result.
Manifest parse_manifest(const std::filesystem::path &folder, std::string bytes);

// The keys under "library" that fit this platform, best first: "linux-x86_64", "linux".
std::vector<std::string> platform_keys();

}  // namespace davit::host
