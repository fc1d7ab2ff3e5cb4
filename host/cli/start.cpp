// SPDX-License-Identifier: Apache-2.0
// davit start
#include "cli/commands.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_all(options, "start every one that is not deleted");
    describe_timeout(options);
}

int run(Services &services, const Arguments &arguments) {
    const InstanceStore store = current_store(services);
    const auto timeout = timeout_of(arguments);
    const auto names = targets(arguments, store, primary_name);
    if (names == std::vector<std::string>{primary_name} && !store.find(primary_name)) {
        LaunchRequest request;
        request.name = primary_name;
        request.timeout = timeout;
        launch(services, request);
        return 0;
    }
    require_targets(services, store, names);
    for_each_target(names, [&](const std::string &name) { start(services, store, name, timeout); });
    return 0;
}

}  // namespace

Command start_command() {
    return {"start", {}, "[<name> ...]", "Start instances", describe, run};
}

}  // namespace davit::host
