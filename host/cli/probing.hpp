// SPDX-License-Identifier: Apache-2.0
// Asking drivers whether they work here, for the commands that show it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "instances/services.hpp"
#include "plugins/driver.hpp"

namespace davit::host {

// The driver named, or all of them. Error "driver-unknown", or why that driver cannot be used.
std::vector<const Manifest *> chosen_drivers(Services &services,
                                             const std::optional<std::string> &name);

// Probes them side by side, showing progress.
std::vector<ProbeResult> probe_all(Services &services,
                                   const std::vector<const Manifest *> &drivers);

// What the driver says does not work here: capability id -> reason, hint, parameters.
Json unavailable(const ProbeResult &probe);

// "there is no bridge; ask the administrator for one"
std::string reason_and_hint(const Json &why);

}  // namespace davit::host
