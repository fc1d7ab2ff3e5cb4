// SPDX-License-Identifier: Apache-2.0
// The choice of the accelerator. A /dev/kvm that opens proves nothing: there are computers where it
// does, firmware runs, and a stock kernel then spins for ever. So the processor's flags come first.
#include "accelerator.hpp"

#include <sys/utsname.h>

#include <cstdlib>
#include <sstream>

#include "kvm_check.hpp"
#include "support/files.hpp"

namespace davit::qemu {

namespace {

const char *const wish_variable = "DAVIT_QEMU_ACCEL";

bool needs_flags(const std::string &arch) {
    return arch == "x86_64";
}

// Why KVM is out of the question; nullopt: it is not.
std::optional<std::string> against_kvm(const AccelerationFacts &facts) {
    if (facts.guest_arch != facts.own_arch) {
        return "the guest is " + facts.guest_arch + " and this computer is " + facts.own_arch;
    }
    if (!facts.cpu_virtualises) return "the processor shows neither vmx nor svm";
    return facts.kvm_fault;
}

}  // namespace

std::string name_of(Accelerator accelerator) {
    return accelerator == Accelerator::kvm ? "kvm" : "tcg";
}

Acceleration choose_acceleration(const AccelerationFacts &facts) {
    if (facts.wish == "tcg") {
        return {Accelerator::tcg, std::string(wish_variable) + " asks for it"};
    }
    if (facts.wish == "kvm") {
        // The user may know better than the processor's flags, but not better than a failed check.
        const bool foreign = facts.guest_arch != facts.own_arch;
        if (foreign || facts.kvm_fault) {
            throw Error(DAVIT_E_UNAVAILABLE,
                        std::string(wish_variable) + " asks for KVM, but " +
                            (foreign ? *against_kvm(facts) : *facts.kvm_fault),
                        std::string("unset ") + wish_variable + " to use what works here");
        }
        return {Accelerator::kvm, std::string(wish_variable) + " asks for it"};
    }
    if (!facts.wish.empty()) {
        throw Error(
            DAVIT_E_INVALID,
            std::string(wish_variable) + " is \"" + facts.wish + "\", which is no accelerator",
            "set it to kvm or tcg, or unset it");
    }
    if (const auto reason = against_kvm(facts)) return {Accelerator::tcg, *reason};
    return {Accelerator::kvm, "the processor and /dev/kvm support it"};
}

AccelerationFacts acceleration_facts(const std::string &guest_arch) {
    AccelerationFacts facts;
    const char *wish = std::getenv(wish_variable);
    facts.wish = wish ? wish : "";
    facts.guest_arch = guest_arch;
    facts.own_arch = own_architecture();
    facts.cpu_virtualises =
        !needs_flags(facts.own_arch) ||
        shows_virtualisation(
            support::read_file("/proc/cpuinfo", std::size_t{16} << 20).value_or(""));
    const bool depends = facts.guest_arch == facts.own_arch &&
                         (facts.wish == "kvm" || (facts.wish.empty() && facts.cpu_virtualises));
    if (depends) facts.kvm_fault = kvm_fault("/dev/kvm");
    return facts;
}

std::string own_architecture() {
    utsname names{};
    return uname(&names) == 0 ? names.machine : "";
}

bool shows_virtualisation(const std::string &cpuinfo) {
    std::istringstream lines{cpuinfo};
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("flags", 0) != 0) continue;
        std::istringstream words{line};
        for (std::string word; words >> word;) {
            if (word == "vmx" || word == "svm") return true;
        }
        return false;
    }
    return false;
}

}  // namespace davit::qemu
