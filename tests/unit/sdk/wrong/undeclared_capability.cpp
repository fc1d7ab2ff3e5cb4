// SPDX-License-Identifier: Apache-2.0
// Must not compile: the manifest does not declare the networks of this driver.
#include "../example_driver.hpp"

constexpr static char manifest[] = R"({"davit.driver/1": {}, "davit.driver.snapshots/1": {}})";
DAVIT_PLUGIN(example::Driver, manifest)
