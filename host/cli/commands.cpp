// SPDX-License-Identifier: Apache-2.0
// The list of commands, in the order of the overview.
#include "cli/commands.hpp"

namespace davit::host {

const std::vector<Command> &all_commands() {
    static const std::vector<Command> commands{
        launch_command(),  list_command(),         info_command(),   shell_command(),
        exec_command(),    start_command(),        stop_command(),   restart_command(),
        delete_command(),  recover_command(),      purge_command(),  image_command(),
        drivers_command(), capabilities_command(), plugin_command(), completion_command(),
        version_command(), help_command(),         probe_command(),  delayed_stop_command(),
        complete_command()};
    return commands;
}

}  // namespace davit::host
