// SPDX-License-Identifier: Apache-2.0
// The few QMP commands that running machines need.
#include "monitor.hpp"

#include "layout.hpp"
#include "qmp.hpp"
#include "usernet.hpp"

namespace davit::qemu {

namespace {

std::string status_of(Qmp &qmp, const Wait &wait) {
    return support::text_in(qmp.execute("query-status", wait), "status", "QEMU's answer");
}

void resume_in(Qmp &qmp, const Wait &wait) {
    if (status_of(qmp, wait) != "running") qmp.execute("cont", wait);
}

}  // namespace

std::string Monitor::status(const Wait &wait) const {
    Qmp qmp = Qmp::connect(folder_, layout::monitor, wait);
    return status_of(qmp, wait);
}

std::uint16_t Monitor::ssh_port(const Wait &wait) const {
    constexpr std::uint16_t ssh = 22;
    Qmp qmp = Qmp::connect(folder_, layout::monitor, wait);
    if (const auto port = forwarded_port(qmp.human("info usernet", wait), ssh)) return *port;
    throw Error(DAVIT_E_FAILED, "QEMU forwards no port to the guest's SSH server");
}

void Monitor::resume(const Wait &wait) const {
    Qmp qmp = Qmp::connect(folder_, layout::monitor, wait);
    resume_in(qmp, wait);
}

void Monitor::push_power_button(const Wait &wait) const {
    Qmp qmp = Qmp::connect(folder_, layout::monitor, wait);
    resume_in(qmp, wait);
    qmp.execute("system_powerdown", wait);
}

void Monitor::quit(const Wait &wait) const {
    Qmp qmp = Qmp::connect(folder_, layout::monitor, wait);
    qmp.execute("quit", wait);
}

}  // namespace davit::qemu
