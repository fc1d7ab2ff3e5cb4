// SPDX-License-Identifier: Apache-2.0
// What a machine's directory remembers: how the machine was made, and the run it is in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "accelerator.hpp"
#include "spec.hpp"

namespace davit::qemu {

// Both documents carry "format": 1. Members that this build does not know are ignored; another
// format, which only a newer build can have written, is DAVIT_E_UNSUPPORTED. What cannot be read is
// an Error and is left as it is.

void write_machine(const std::filesystem::path &folder, const Json &spec);

// DAVIT_E_NOT_FOUND if no machine was made there.
MachineSpec read_machine(const std::filesystem::path &folder);

// The QEMU that runs, or last ran, a machine.
struct Run {
    Json process;  // its identity
    std::uint16_t ssh_port = 0;
    Accelerator accelerator = Accelerator::tcg;
};

void write_run(const std::filesystem::path &folder, const Run &run);

// nullopt: there is none, or it tells of another process than `process`.
std::optional<Run> read_run(const std::filesystem::path &folder, const Json &process);

// The identity of the process that was last started; nullopt: none was, or it was stopped in order.
std::optional<Json> read_process(const std::filesystem::path &folder);

// Forgets the process that was last started.
void forget_run(const std::filesystem::path &folder);

}  // namespace davit::qemu
