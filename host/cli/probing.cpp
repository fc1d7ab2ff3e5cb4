// SPDX-License-Identifier: Apache-2.0
// Probing on behalf of a command.
#include "cli/probing.hpp"

namespace davit::host {

std::vector<const Manifest *> chosen_drivers(Services &services,
                                             const std::optional<std::string> &name) {
    if (!name) return services.plugins().drivers();
    return {&services.plugins().find(PluginKind::driver, *name)};
}

std::vector<ProbeResult> probe_all(Services &services,
                                   const std::vector<const Manifest *> &drivers) {
    constexpr std::chrono::seconds patience{10};
    services.progress().step("asking the drivers", 0, 0);
    return probe_drivers(drivers, patience, services.cancel());
}

Json unavailable(const ProbeResult &probe) {
    return probe.reply.value("unavailable", Json::object());
}

std::string reason_and_hint(const Json &why) {
    return why.value("reason", "") + "; " + why.value("hint", "");
}

}  // namespace davit::host
