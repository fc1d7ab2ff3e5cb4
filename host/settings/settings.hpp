// SPDX-License-Identifier: Apache-2.0
// What the user set, and what davit decided once for the user: one small JSON file.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "base/wait.hpp"

namespace davit::host {

// The value of a setting, or nothing if it was never set. Error "settings-unreadable".
std::optional<std::string> read_setting(const std::filesystem::path &home, const std::string &key);

// Stores a setting durably; other settings, and those of a newer davit, are kept.
void write_setting(const std::filesystem::path &home, const std::string &key,
                   const std::string &value, const Cancel &cancel);

// The keys that davit itself uses.
namespace setting {
inline constexpr const char *driver = "local.driver";
// The scope of the driver above, so that its instances are found while it is not installed.
inline constexpr const char *driver_scope = "local.driver.scope";
}  // namespace setting

}  // namespace davit::host
