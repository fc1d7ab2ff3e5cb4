// SPDX-License-Identifier: Apache-2.0
// davit delete
#include "cli/commands.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_all(options, "delete every one");
    options.add_options()("purge,p", "for good: \"recover\" cannot bring them back")(
        "abandon", "with --purge: also an instance whose driver is not installed");
}

int run(Services &services, const Arguments &arguments) {
    const bool purging = arguments.has("purge");
    if (arguments.has("abandon") && !purging) throw usage_error("--abandon goes with --purge");
    const Insist insist = arguments.has("abandon") ? Insist::abandon : Insist::no;
    const InstanceStore store = current_store(services);
    const auto names = targets(arguments, store);
    require_present(services, store, names);
    for_each_target(names, [&](const std::string &name) {
        if (purging) {
            purge(services, store, name, insist);
        } else {
            mark_deleted(services, store, name);
        }
    });
    return 0;
}

}  // namespace

Command delete_command() {
    return {"delete", {}, "<name> ...", "Delete instances", describe, run};
}

}  // namespace davit::host
