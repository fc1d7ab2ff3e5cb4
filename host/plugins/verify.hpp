// SPDX-License-Identifier: Apache-2.0
// Whether a mapped library keeps what its manifest promises.
#pragma once

#include <davit/plugin.h>

#include <string>

#include "base/error.hpp"
#include "plugins/manifest.hpp"

namespace davit::host {

// "the plugin NAME is broken: WHAT", with the hint to install it again unless another is given.
Error broken_plugin(const Manifest &manifest, const std::string &id, const std::string &what,
                    const std::string &hint = {});

// Calls the entry and verifies the table that it returns. Errors: "plugin-entry-threw",
// "plugin-entry-null", "plugin-table-size", "plugin-sdk-major", "plugin-table-null",
// "plugin-manifest-differs".
const davit_plugin &call_entry(const Manifest &manifest, davit_entry entry);

// Compares what get() returns with what the manifest declares. Errors: "plugin-get-threw",
// "plugin-capability-missing", "plugin-capability-size", "plugin-capability-null",
// "plugin-capability-undeclared".
void verify_capabilities(const Manifest &manifest, const davit_plugin &plugin);

}  // namespace davit::host
