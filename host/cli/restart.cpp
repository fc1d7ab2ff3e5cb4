// SPDX-License-Identifier: Apache-2.0
// davit restart
#include "cli/commands.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_all(options, "restart every one that runs");
    describe_timeout(options);
}

int run(Services &services, const Arguments &arguments) {
    const InstanceStore store = current_store(services);
    const auto timeout = timeout_of(arguments);
    auto names = targets(arguments, store, primary_name);
    if (arguments.has("all")) {
        std::erase_if(names, [&](const std::string &name) {
            return observe(services, store, *store.find(name)).state != State::running;
        });
    }
    require_targets(services, store, names);
    for_each_target(names,
                    [&](const std::string &name) { restart(services, store, name, timeout); });
    return 0;
}

}  // namespace

Command restart_command() {
    return {"restart", {}, "[<name> ...]", "Shut instances down and start them again",
            describe,  run};
}

}  // namespace davit::host
