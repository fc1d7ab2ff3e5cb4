// SPDX-License-Identifier: Apache-2.0
// The command line of QEMU for one machine.
#pragma once

#include <string>
#include <vector>

#include "accelerator.hpp"
#include "spec.hpp"

namespace davit::qemu {

// The argument vector, to be run in the machine's directory (layout.hpp). `firmware` is a file, or
// empty for the one that QEMU brings.
std::vector<std::string> command_line(const MachineSpec &spec, Accelerator accelerator,
                                      const std::string &firmware);

// The firmware that a machine of this spec needs; empty: none, or QEMU's own. DAVIT_E_UNAVAILABLE
// if it is not installed.
std::string find_firmware(const MachineSpec &spec);

}  // namespace davit::qemu
