// SPDX-License-Identifier: Apache-2.0
// davit recover
#include "cli/commands.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_all(options, "recover every deleted one");
}

int run(Services &services, const Arguments &arguments) {
    const InstanceStore store = current_store(services);
    auto names = targets(arguments, store);
    if (arguments.has("all")) names = deleted_instances(store);
    require_present(services, store, names);
    for_each_target(names, [&](const std::string &name) { recover(services, store, name); });
    return 0;
}

}  // namespace

Command recover_command() {
    return {"recover", {}, "<name> ...", "Bring deleted instances back", describe, run};
}

}  // namespace davit::host
