// SPDX-License-Identifier: Apache-2.0
// The one table of capability ids, and the matrix made from it and from manifests.
#include "plugins/capabilities.hpp"

#include <davit/driver.h>
#include <davit/ext/adopt.h>
#include <davit/ext/clone.h>
#include <davit/ext/native_mounts.h>
#include <davit/ext/networks.h>
#include <davit/ext/resize.h>
#include <davit/ext/snapshots.h>
#include <davit/ext/suspend.h>
#include <davit/mount.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace davit::host {
namespace {

// The size of a table up to and with its last member of SDK 1.0, whatever is appended later.
#define TABLE_SIZE(type, last) (offsetof(type, last) + sizeof(type::last))

constexpr std::array known{
    Capability{DAVIT_DRIVER_ADOPT, PluginKind::driver, "take over the machines of a retired driver",
               TABLE_SIZE(davit_driver_adopt, adopt)},
    Capability{DAVIT_DRIVER_CLONE, PluginKind::driver, "copy a stopped instance",
               TABLE_SIZE(davit_driver_clone, clone)},
    Capability{DAVIT_DRIVER_NATIVE_MOUNTS, PluginKind::driver, "share folders as a device or share",
               TABLE_SIZE(davit_driver_native_mounts, remove)},
    Capability{DAVIT_DRIVER_NETWORKS, PluginKind::driver, "connect instances to more networks",
               TABLE_SIZE(davit_driver_networks, disconnect)},
    Capability{DAVIT_DRIVER_RESIZE, PluginKind::driver, "change processors, memory and disk",
               TABLE_SIZE(davit_driver_resize, resize)},
    Capability{DAVIT_DRIVER_SNAPSHOTS, PluginKind::driver, "take, restore and delete snapshots",
               TABLE_SIZE(davit_driver_snapshots, list)},
    Capability{DAVIT_DRIVER_SUSPEND, PluginKind::driver, "suspend to disk and resume",
               TABLE_SIZE(davit_driver_suspend, discard)},
    Capability{DAVIT_DRIVER, PluginKind::driver, "make, start and stop machines",
               TABLE_SIZE(davit_driver, remove)},
    Capability{DAVIT_MOUNT, PluginKind::mount, "mount folders in instances",
               TABLE_SIZE(davit_mount, close)},
};

#undef TABLE_SIZE

}  // namespace

std::span<const Capability> known_capabilities() {
    return known;
}

const Capability *known_capability(const std::string &id) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const Capability &capability) {
        return id == capability.id;
    });
    return found == known.end() ? nullptr : &*found;
}

std::string short_name(const std::string &id) {
    constexpr std::string_view ours = "davit.driver.";
    const auto slash = id.rfind("/1");
    if (!id.starts_with(ours) || slash == std::string::npos || slash + 2 != id.size()) return id;
    return id.substr(ours.size(), slash - ours.size());
}

Json capability_matrix(const std::vector<const Manifest *> &drivers) {
    std::set<std::string> ids;
    for (const auto &capability : known) {
        if (capability.kind == PluginKind::driver) ids.insert(capability.id);
    }
    Json names = Json::array();
    for (const Manifest *driver : drivers) {
        names.push_back(driver->name);
        for (const auto &[id, parameters] : driver->provides) ids.insert(id);
    }
    ids.erase(DAVIT_DRIVER);

    Json rows = Json::array();
    for (const auto &id : ids) {
        Json cells = Json::object();
        for (const Manifest *driver : drivers) {
            const auto found = driver->provides.find(id);
            cells[driver->name] = found == driver->provides.end() ? Json{} : found->second;
        }
        const Capability *capability = known_capability(id);
        rows.push_back({{"id", id},
                        {"title", capability ? capability->title : ""},
                        {"known", capability != nullptr},
                        {"drivers", std::move(cells)}});
    }
    return {{"drivers", std::move(names)}, {"capabilities", std::move(rows)}};
}

}  // namespace davit::host
