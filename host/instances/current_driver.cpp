// SPDX-License-Identifier: Apache-2.0
// Picking the driver.
#include "instances/current_driver.hpp"

#include <algorithm>

#include "settings/settings.hpp"

namespace davit::host {
namespace {

constexpr std::chrono::seconds probe_patience{10};

// The drivers that may be picked without being named, best first.
std::vector<const Manifest *> ranked(const PluginRegistry &plugins) {
    std::vector<const Manifest *> drivers;
    for (const Manifest *driver : plugins.drivers()) {
        if (driver->rank > 0) drivers.push_back(driver);
    }
    std::stable_sort(drivers.begin(), drivers.end(),
                     [](const Manifest *a, const Manifest *b) { return a->rank > b->rank; });
    return drivers;
}

Error no_driver() {
    return {"driver-none", "no driver is installed that davit would pick by itself",
            "\"davit drivers\" shows what there is; name one with --driver", ExitCode::unavailable};
}

const Manifest *installed(const PluginRegistry &plugins, const std::string &name) {
    const auto drivers = plugins.drivers();
    const auto found = std::find_if(drivers.begin(), drivers.end(),
                                    [&](const Manifest *driver) { return driver->name == name; });
    return found == drivers.end() ? nullptr : *found;
}

}  // namespace

CurrentDriver current_driver(Services &services) {
    if (const auto &named = services.driver_option()) {
        const Manifest &driver = services.plugins().find(PluginKind::driver, *named);
        return {driver.name, driver.scope, &driver};
    }
    if (const auto chosen = read_setting(services.home(), setting::driver)) {
        if (const Manifest *driver = installed(services.plugins(), *chosen)) {
            return {driver->name, driver->scope, driver};
        }
        const auto scope = read_setting(services.home(), setting::driver_scope);
        return {*chosen, scope.value_or(*chosen), nullptr};
    }
    const auto drivers = ranked(services.plugins());
    if (drivers.empty()) throw no_driver();
    return {drivers.front()->name, drivers.front()->scope, drivers.front()};
}

const Manifest &driver_for_launch(Services &services) {
    const auto chosen = services.driver_option() ? services.driver_option()
                                                 : read_setting(services.home(), setting::driver);
    if (chosen) return services.plugins().find(PluginKind::driver, *chosen);

    const auto drivers = ranked(services.plugins());
    if (drivers.empty()) throw no_driver();
    services.progress().step("looking for a driver", 0, 0);
    std::string reasons, hints;
    for (const auto &probe : probe_drivers(drivers, probe_patience, services.cancel())) {
        if (probe.available()) {
            write_setting(services.home(), setting::driver_scope, probe.manifest->scope,
                          services.cancel());
            write_setting(services.home(), setting::driver, probe.manifest->name,
                          services.cancel());
            return *probe.manifest;
        }
        reasons += "\n  " + probe.manifest->name + ": " + probe.error->message();
        if (!probe.error->hint().empty())
            hints += (hints.empty() ? "" : "; or ") + probe.error->hint();
    }
    throw Error{"driver-none-available", "no driver works on this computer:" + reasons, hints,
                ExitCode::unavailable};
}

InstanceStore instances_of(Services &services, const std::string &scope) {
    return InstanceStore{scope_folder(services.home(), scope)};
}

}  // namespace davit::host
