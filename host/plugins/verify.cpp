// SPDX-License-Identifier: Apache-2.0
// The checks of tables: sizes, versions, NULLs, and the declaration against the presence.
#include "plugins/verify.hpp"

#include <cstring>

#include "plugins/capabilities.hpp"

namespace davit::host {
namespace {

constexpr std::size_t plugin_table_size = offsetof(davit_plugin, get) + sizeof(davit_plugin::get);
constexpr std::size_t largest_table = std::size_t{64} << 10;

// The size that a table states in its first member.
std::size_t stated_size(const void *table) {
    std::size_t size = 0;
    std::memcpy(&size, table, sizeof size);
    return size;
}

std::string size_fault(std::size_t size, std::size_t least) {
    return "claims to be " + std::to_string(size) + " bytes long; it must be from " +
           std::to_string(least) + " to " + std::to_string(largest_table);
}

const void *ask(const Manifest &manifest, const davit_plugin &plugin, const char *id) {
    try {
        return plugin.get(id);
    } catch (...) {  // NOLINT(bugprone-empty-catch): it is replaced by what the host can say of it
    }
    throw broken_plugin(manifest, "plugin-get-threw",
                        "it threw an exception when asked for " + std::string{id});
}

// A capability's table is its size, and then functions only.
void verify_table(const Manifest &manifest, const Capability &capability, const void *table) {
    const std::string name = "the table of " + std::string{capability.id} + " ";
    const std::size_t size = stated_size(table);
    if (size < capability.table_size || size > largest_table) {
        throw broken_plugin(manifest, "plugin-capability-size",
                            name + size_fault(size, capability.table_size));
    }
    const auto *bytes = static_cast<const char *>(table);
    for (std::size_t at = sizeof(size_t); at < capability.table_size; at += sizeof(void *)) {
        void *function = nullptr;
        std::memcpy(&function, bytes + at, sizeof function);
        if (function) continue;
        throw broken_plugin(manifest, "plugin-capability-null",
                            name + "lacks its function number " +
                                std::to_string((at - sizeof(size_t)) / sizeof(void *) + 1));
    }
}

}  // namespace

Error broken_plugin(const Manifest &manifest, const std::string &id, const std::string &what,
                    const std::string &hint) {
    return {
        id,
        "the plugin " + manifest.name + " in " + manifest.folder.string() + " is broken: " + what,
        hint.empty() ? "install the plugin again; if that does not help, tell whoever made it"
                     : hint};
}

const davit_plugin &call_entry(const Manifest &manifest, davit_entry entry) {
    const davit_plugin *plugin = nullptr;
    try {
        plugin = entry();
    } catch (...) {
        throw broken_plugin(manifest, "plugin-entry-threw", "its entry threw an exception");
    }
    if (!plugin) throw broken_plugin(manifest, "plugin-entry-null", "its entry returned NULL");
    if (const auto size = stated_size(plugin); size < plugin_table_size || size > largest_table) {
        throw broken_plugin(manifest, "plugin-table-size",
                            "its table " + size_fault(size, plugin_table_size));
    }
    if (plugin->sdk_major != DAVIT_SDK_MAJOR) {
        throw broken_plugin(manifest, "plugin-sdk-major",
                            "its library was built with SDK " + std::to_string(plugin->sdk_major) +
                                ", this davit has SDK " + std::to_string(DAVIT_SDK_MAJOR),
                            "install the build of the plugin for this davit");
    }
    if (!plugin->manifest || !plugin->start || !plugin->stop || !plugin->get) {
        const char *member = !plugin->manifest ? "manifest"
                             : !plugin->start  ? "start"
                             : !plugin->stop   ? "stop"
                                               : "get";
        throw broken_plugin(manifest, "plugin-table-null",
                            "its table lacks \"" + std::string{member} + "\"");
    }
    if (manifest.bytes != plugin->manifest) {
        throw broken_plugin(
            manifest, "plugin-manifest-differs",
            "its plugin.json was edited, or belongs to another build of the library");
    }
    return *plugin;
}

void verify_capabilities(const Manifest &manifest, const davit_plugin &plugin) {
    for (const auto &[id, parameters] : manifest.provides) {
        const void *table = ask(manifest, plugin, id.c_str());
        if (!table) {
            throw broken_plugin(manifest, "plugin-capability-missing",
                                "it declares " + id + " and does not have it");
        }
        if (const Capability *known = known_capability(id)) verify_table(manifest, *known, table);
    }
    for (const Capability &capability : known_capabilities()) {
        if (manifest.provides_id(capability.id)) continue;
        if (ask(manifest, plugin, capability.id)) {
            throw broken_plugin(
                manifest, "plugin-capability-undeclared",
                "it has " + std::string{capability.id} + " and does not declare it");
        }
    }
}

}  // namespace davit::host
