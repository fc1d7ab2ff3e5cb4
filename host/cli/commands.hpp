// SPDX-License-Identifier: Apache-2.0
// The commands, each defined in the file of its name.
#pragma once

#include "cli/command.hpp"

namespace davit::host {

Command launch_command();
Command list_command();
Command info_command();
Command start_command();
Command stop_command();
Command restart_command();
Command delete_command();
Command recover_command();
Command purge_command();
Command exec_command();
Command shell_command();
Command image_command();
Command drivers_command();
Command capabilities_command();
Command plugin_command();
Command completion_command();
Command version_command();
Command help_command();

// Not for users: processes that davit starts of itself.
Command probe_command();
Command delayed_stop_command();
Command complete_command();

}  // namespace davit::host
