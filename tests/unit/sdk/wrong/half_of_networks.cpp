// SPDX-License-Identifier: Apache-2.0
// Must not compile: the driver lists networks, but its machines cannot be connected.
#include "../example_driver.hpp"

class Driver : public example::PlainDriver, public davit::NetworkList {};

const void *table = davit::detail::get_table<Driver>(DAVIT_DRIVER_NETWORKS);
