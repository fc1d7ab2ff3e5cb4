// SPDX-License-Identifier: Apache-2.0
// Must not compile: a machine that has snapshots but cannot list them.
#include "../example_driver.hpp"

class Machine : public example::PlainMachine, public davit::Snapshots {
 public:
    void take_snapshot(const std::string &, davit::Call &) override {}
    void restore_snapshot(const std::string &, davit::Call &) override {}
    void remove_snapshot(const std::string &, davit::Call &) override {}
};

Machine machine;
