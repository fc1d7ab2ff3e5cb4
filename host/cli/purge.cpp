// SPDX-License-Identifier: Apache-2.0
// davit purge
#include "cli/commands.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

int run(Services &services, const Arguments &arguments) {
    if (!arguments.words.empty()) {
        throw usage_error("purge takes no names: it purges every deleted instance",
                          "for one instance: davit delete --purge " + arguments.words[0]);
    }
    const InstanceStore store = current_store(services);
    for_each_target(deleted_instances(store),
                    [&](const std::string &name) { purge(services, store, name, Insist::no); });
    return 0;
}

}  // namespace

Command purge_command() {
    return {"purge", {}, "", "Delete all deleted instances for good", describe_nothing, run};
}

}  // namespace davit::host
