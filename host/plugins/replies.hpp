// SPDX-License-Identifier: Apache-2.0
// Whether a plugin's reply is what its schema says; nothing in it is guessed or defaulted.
#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "plugins/manifest.hpp"

namespace davit::host {

// The first fault of a reply, as the end of a sentence; nullopt: it has none.
std::optional<std::string> inspect_fault(const Json &reply);  // inspect-1.json
std::optional<std::string> probe_fault(const Json &reply,
                                       const Manifest &manifest);  // probe-1.json

}  // namespace davit::host
