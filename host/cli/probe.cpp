// SPDX-License-Identifier: Apache-2.0
// davit __probe: the process in which one driver is asked whether it works here.
#include "cli/commands.hpp"

namespace davit::host {
namespace {

int run(Services &, const Arguments &arguments) {
    if (arguments.words.size() != 1) throw usage_error("__probe takes a plugin's folder");
    return probe_child(arguments.words[0]);
}

}  // namespace

Command probe_command() {
    return {"__probe",        {}, "<folder>", "Ask one driver whether it works here",
            describe_nothing, run};
}

}  // namespace davit::host
