// SPDX-License-Identifier: Apache-2.0
// Parts of the host that are mapped on first use, so that commands without them start quickly.
#pragma once

#include <filesystem>
#include <string>

namespace davit::host {

// The folder above bin/ that the running program was installed or built into.
std::filesystem::path installation_prefix();

// Maps <prefix>/lib/davit/modules/<name>.so, built from the same tree as this program, and returns
// the address of its symbol `entry`. Never unmapped. Error "module-missing".
void *module_entry(const std::string &name, const char *entry);

}  // namespace davit::host
