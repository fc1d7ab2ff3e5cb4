// SPDX-License-Identifier: Apache-2.0
// The home, and waiting for states.
#include "cli/scripted_home.hpp"

#include <cstdlib>
#include <stdexcept>

namespace davit::test {
namespace {

const host::Cancel nobody;

}  // namespace

std::string test_plugins() {
    const char *given = std::getenv("DAVIT_TEST_PLUGINS");
    return given ? given : DAVIT_TEST_PLUGINS;
}

ScriptedHome::ScriptedHome() : davit({"--plugin-dir", test_plugins(), "--driver", "scripted"}) {
    const auto disk = davit.folder() / "tiny.qcow2";
    host::run_program(
        {{"qemu-img", "create", "-q", "-f", "qcow2", disk.string(), "64M"}, {}, {}, ""},
        host::Deadline::after(patience), nobody);
    // Its own store, whichever ./dev test names for the real guests.
    host::make_private_folder(davit.home());
    davit.environment["DAVIT_IMAGES"] = (davit.home() / "images").string();
    davit.environment["DAVIT_SCRIPT"] = (davit.folder() / "script.json").string();
    script(host::Json::object());
    const Outcome imported = run({"image", "import", disk.string(), "--name", "tiny"});
    if (imported.status != 0) throw std::runtime_error("no image: " + imported.errors);
}

void ScriptedHome::script(const host::Json &document) {
    host::write_file(davit.folder() / "script.json", host::json_out(document));
}

void ScriptedHome::launch(const std::string &name) {
    const Outcome launched = run({"launch", "tiny", "--name", name});
    ASSERT_EQ(launched.status, 0) << launched.errors;
    ASSERT_EQ(launched.output, "Launched: " + name + "\n");
}

std::string ScriptedHome::state_of(const std::string &name) const {
    const Outcome listed = run({"list", "--format", "json"});
    EXPECT_EQ(listed.status, 0) << listed.errors;
    const host::Json instances = listed.json()["list"];
    for (const auto &instance : instances) {
        if (instance["name"] == name) return instance["state"];
    }
    return "";
}

void ScriptedHome::await_state(const std::string &name, const std::string &state) const {
    const auto deadline = host::Deadline::after(patience);
    std::string seen;
    while ((seen = state_of(name)) != state) {
        ASSERT_FALSE(deadline.expired()) << name << " stays " << seen;
        host::wait_for(-1, 0, host::Deadline::after(std::chrono::milliseconds{50}), nobody);
    }
}

}  // namespace davit::test
