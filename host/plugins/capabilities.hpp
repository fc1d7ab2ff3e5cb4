// SPDX-License-Identifier: Apache-2.0
// What davit knows of each capability id of SDK 1.0, and the matrix of drivers and capabilities.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "plugins/manifest.hpp"

namespace davit::host {

// A capability of this SDK. Its table is a size and then functions, nothing else.
struct Capability {
    const char *id;
    PluginKind kind;
    const char *title;       // "take, restore and delete snapshots"
    std::size_t table_size;  // in SDK 1.0; a newer plugin's table may be larger
};

// Sorted by id.
std::span<const Capability> known_capabilities();

// NULL: a third party's, or a newer SDK's.
const Capability *known_capability(const std::string &id);

// What users call a capability: "snapshots" for "davit.driver.snapshots/1"; a third party's id as
// it is.
std::string short_name(const std::string &id);

// Which driver has which capability, from manifests alone; ids that davit does not know included.
//   {"drivers": ["a", "b"],
//    "capabilities": [{"id": "davit.driver.snapshots/1", "title": "take, ...", "known": true,
//                      "drivers": {"a": {"live": false}, "b": null}}, ...]}
// A driver's entry holds the parameters it declares, and is null where it has not the capability.
// Sorted by id. The table that makes a plugin a driver in the first place is left out.
Json capability_matrix(const std::vector<const Manifest *> &drivers);

}  // namespace davit::host
