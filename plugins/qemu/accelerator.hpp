// SPDX-License-Identifier: Apache-2.0
// Whether machines run on this computer's virtualisation (KVM) or are emulated (TCG), and why.
#pragma once

#include <optional>
#include <string>

namespace davit::qemu {

enum class Accelerator { kvm, tcg };

std::string name_of(Accelerator accelerator);

// What the choice depends on, as values.
struct AccelerationFacts {
    std::string wish;                      // DAVIT_QEMU_ACCEL: "kvm", "tcg", or empty: choose
    std::string guest_arch;                // as in the machine's spec
    std::string own_arch;                  // of this computer
    bool cpu_virtualises = false;          // the processor says so
    std::optional<std::string> kvm_fault;  // why KVM does not work; nullopt: it works
};

struct Acceleration {
    Accelerator accelerator;
    std::string reason;  // a clause that can follow "because"
};

// Throws DAVIT_E_INVALID for a wish that is no accelerator, and DAVIT_E_UNAVAILABLE for a wish that
// cannot be met.
Acceleration choose_acceleration(const AccelerationFacts &facts);

// The facts of this computer; touches KVM only where the answer can depend on it.
AccelerationFacts acceleration_facts(const std::string &guest_arch);

// uname(2)'s name of this computer's architecture.
std::string own_architecture();

// Whether the text of /proc/cpuinfo shows hardware virtualisation: vmx (Intel) or svm (AMD).
bool shows_virtualisation(const std::string &cpuinfo);

}  // namespace davit::qemu
