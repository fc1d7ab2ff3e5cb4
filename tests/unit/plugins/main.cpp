// SPDX-License-Identifier: Apache-2.0
// Runs the tests, or, as davit itself does, is the child that probes one driver.
#include <gtest/gtest.h>

#include <string_view>

#include "plugins/driver.hpp"

int main(int argc, char **argv) {
    if (argc == 3 && std::string_view{argv[1]} == "__probe")
        return davit::host::probe_child(argv[2]);
    testing::InitGoogleTest(&argc, argv);
    const int status = RUN_ALL_TESTS();
    davit::host::stop_plugins();
    return status;
}
