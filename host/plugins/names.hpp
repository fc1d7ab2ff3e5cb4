// SPDX-License-Identifier: Apache-2.0
// The rules that names in a manifest obey. What obeys them is safe in paths and on a terminal.
#pragma once

#include <string_view>

namespace davit::host {

// "qemu": 1 to 63 of a-z 0-9 -, beginning with a letter. Also the rule of scopes.
bool is_plugin_name(std::string_view text);

// "org.example.thing": two or more labels of a-z 0-9 -, joined by dots.
bool is_plugin_id(std::string_view text);

// "davit.driver.snapshots/1": a plugin id, a slash, and a revision from 1 on.
bool is_capability_id(std::string_view text);

// "2.1.0-rc1": 1 to 64 of A-Z a-z 0-9 . + - ~, beginning with a digit.
bool is_version(std::string_view text);

// "thing.so": 1 to 128 of A-Z a-z 0-9 . - _, beginning with a letter or digit. So: no separator of
// any platform, no "..", no drive letter.
bool is_bare_file_name(std::string_view text);

}  // namespace davit::host
