// SPDX-License-Identifier: Apache-2.0
// The driver: what QEMU can do on this computer, and the machines it makes.
#pragma once

#include <davit/cxx/plugin.hpp>
#include <memory>
#include <string>

#include "machine.hpp"

namespace davit::qemu {

class QemuDriver : public davit::Driver<QemuMachine> {
 public:
    explicit QemuDriver(Host host) : process_(host) {}

    std::string probe(Call &call) override;
    void create(const std::string &dir, const std::string &spec, Call &call) override;
    std::unique_ptr<QemuMachine> open(const std::string &dir, Call &call) override;

 private:
    std::string emulator_version(Call &call) const;

    Process process_;
};

}  // namespace davit::qemu
