// SPDX-License-Identifier: Apache-2.0
// Whether a file is a disk image that can be trusted to be only itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/wait.hpp"

namespace davit::host {

struct DiskFacts {
    std::string format;  // "qcow2" or "raw"
    std::uint64_t virtual_size = 0;
};

// Inspects `disk` with the tool share/davit/tools/inspect-disk. `shown` is what errors call it.
// Errors as ImageStore::import().
DiskFacts inspect_disk(const std::filesystem::path &disk, const std::string &shown,
                       const Cancel &cancel);

}  // namespace davit::host
