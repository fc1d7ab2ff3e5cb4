// SPDX-License-Identifier: Apache-2.0
// What differs between the architectures that QEMU can run a machine of.
#pragma once

#include <davit/cxx/error.hpp>
#include <string>
#include <vector>

namespace davit::qemu {

struct Architecture {
    std::string name;
    std::string program;                // the emulator
    std::string package;                // that has it, in Debian
    std::string machine;                // QEMU's type of machine, with its options
    std::vector<std::string> globals;   // properties to set
    std::vector<std::string> firmware;  // files to look for; empty: QEMU brings its own
};

// Throws DAVIT_E_UNSUPPORTED for an architecture that this driver does not know.
const Architecture &architecture(const std::string &name);

// The error that the emulator of an architecture is not installed.
Error missing_emulator(const Architecture &arch);

}  // namespace davit::qemu
