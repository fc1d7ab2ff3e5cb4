// SPDX-License-Identifier: Apache-2.0
// What a machine shall be: the host's machine-1.json as a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/json.hpp"

namespace davit::qemu {

using support::Json;

struct Image {
    std::string path;
    std::string format;
};

// Boots without firmware: QEMU loads the kernel itself.
struct DirectBoot {
    std::string kernel;
    std::string initrd;  // may be empty
    std::string cmdline;
};

struct MachineSpec {
    std::string name;
    std::string id;
    std::string arch;
    std::uint64_t cpus = 0;
    std::uint64_t memory = 0;     // bytes
    std::uint64_t disk_size = 0;  // bytes
    Image image;
    std::optional<DirectBoot> boot;
    std::string seed;  // may be empty
    std::string mac;   // of the card that the machine is reached by
};

// Throws DAVIT_E_INVALID for a document that no machine can be made of, and DAVIT_E_UNSUPPORTED for
// a machine that this driver never can make. Unknown members are ignored.
MachineSpec parse_spec(const Json &document);

}  // namespace davit::qemu
