// SPDX-License-Identifier: Apache-2.0
// Copying large files: shared blocks where the file system can, holes kept.
#pragma once

#include <filesystem>

#include "base/wait.hpp"
#include "output/progress.hpp"

namespace davit::host {

// Copies a regular file into a new one, durably. Errors: "disk-full", "not-a-file".
void copy_file(const std::filesystem::path &from, const std::filesystem::path &to,
               Progress &progress, const Cancel &cancel);

}  // namespace davit::host
