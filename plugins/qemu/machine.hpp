// SPDX-License-Identifier: Apache-2.0
// A machine of this driver: a directory, and at most one QEMU process.
#pragma once

#include <davit/cxx/plugin.hpp>
#include <filesystem>
#include <optional>
#include <string>

#include "accelerator.hpp"
#include "monitor.hpp"
#include "support/process.hpp"

namespace davit::qemu {

using support::Identity;
using support::Json;

// Nothing about a run is kept in memory: each function looks at the directory and at the process,
// so that it makes no difference who started it, or whether that was killed half way.
class QemuMachine : public davit::Machine {
 public:
    QemuMachine(std::filesystem::path folder, const Process &process)
        : folder_(std::move(folder)), process_(process), monitor_(folder_) {}

    std::string inspect(Call &call) override;
    void start(Call &call) override;
    void stop(StopHow how, Call &call) override;
    void remove(Call &call) override;

 private:
    std::optional<Identity> running(Call &call) const;
    Json inspect_running(const Identity &identity, Call &call) const;

    void launch(Call &call) const;
    void prepare_launch() const;
    void take_over(const Identity &identity, Accelerator accelerator, Call &call) const;
    void await_monitor(const Identity &identity, Call &call) const;
    Error launch_failure(const std::string &cause, Accelerator accelerator) const;

    void shut_down(const Identity &identity, Call &call) const;
    void push_power_button(Call &call) const;
    void power_off(Call &call) const;
    void quit_unidentified(Call &call) const;

    std::filesystem::path folder_;
    const Process &process_;
    Monitor monitor_;
};

}  // namespace davit::qemu
