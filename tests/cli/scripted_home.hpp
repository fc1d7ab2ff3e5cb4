// SPDX-License-Identifier: Apache-2.0
// A home with an image and the scripted driver, whose machines are SSH servers on this computer.
#pragma once

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/davit.hpp"

namespace davit::test {

// Where the plugins for tests are: DAVIT_TEST_PLUGINS, else the build tree.
std::string test_plugins();

class ScriptedHome : public ::testing::Test {
 public:
    ScriptedHome();

 protected:
    // What the driver does from now on (tests/plugins/scripted/script.hpp).
    void script(const host::Json &document);
    Outcome run(const std::vector<std::string> &words, const std::string &input = {}) const {
        return davit.run(words, input);
    }
    // A launch that must succeed.
    void launch(const std::string &name);
    // The state that `list` shows; empty: the instance is not listed.
    std::string state_of(const std::string &name) const;
    // Waits until `list` shows the state.
    void await_state(const std::string &name, const std::string &state) const;

    std::filesystem::path instance_folder(const std::string &name) const {
        return davit.home() / "scopes/scripted" / name;
    }

    Davit davit;
};

}  // namespace davit::test
