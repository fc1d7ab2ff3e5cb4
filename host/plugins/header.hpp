// SPDX-License-Identifier: Apache-2.0
// Whether a file can be a library for this computer, told from its headers.
#pragma once

#include <filesystem>

namespace davit::host {

// Asked before the loader is, whose message for a library of another architecture may be "No such
// file or directory", and whom a library that was cut short kills. Errors: "plugin-not-a-library",
// "plugin-wrong-architecture", "plugin-library-cut".
void require_fitting_library(const std::filesystem::path &library);

}  // namespace davit::host
