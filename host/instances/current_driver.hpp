// SPDX-License-Identifier: Apache-2.0
// Which driver a command is about.
#pragma once

#include <string>

#include "instances/services.hpp"
#include "instances/store.hpp"

namespace davit::host {

// A driver that may not be installed any more; its instances are found all the same.
struct CurrentDriver {
    std::string name;
    std::string scope;
    const Manifest *manifest = nullptr;  // nullptr: not installed, or its plugin is broken
};

// --driver, else the setting local.driver, else the driver that would be picked first here, by rank
// alone: nothing is probed. Error "driver-none" if there is no driver at all, "driver-unknown".
CurrentDriver current_driver(Services &services);

// The driver for a new instance: as above, but where nothing was chosen yet the best ranked one
// that works on this computer, which is then recorded. Error "driver-none-available" with each
// reason.
const Manifest &driver_for_launch(Services &services);

InstanceStore instances_of(Services &services, const std::string &scope);

}  // namespace davit::host
