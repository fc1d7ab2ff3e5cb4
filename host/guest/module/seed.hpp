// SPDX-License-Identifier: Apache-2.0
// The seed image that cloud-init reads on first boot.
#pragma once

#include <filesystem>
#include <vector>

#include "guest/guest.hpp"

namespace davit::host::guest {

// See GuestModule::write_seed().
void write_seed(const std::filesystem::path &path, const std::vector<SeedFile> &files);

}  // namespace davit::host::guest
