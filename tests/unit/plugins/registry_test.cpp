// SPDX-License-Identifier: Apache-2.0
// Discovery: the order of folders, who hides whom, and bad plugins beside good ones.
#include "plugins/registry.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace davit::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> origins(const std::vector<PluginFolder> &path) {
    std::vector<std::string> names;
    for (const auto &folder : path) names.push_back(folder.origin + " " + folder.path.string());
    return names;
}

SearchContext context() {
    return {false, {{"DAVIT_PLUGIN_PATH", "/one::/two:"}, {"HOME", "/home/someone"}}, "/opt/davit"};
}

TEST(SearchPath, GoesFromTheUsersChoiceToTheBundled) {
    EXPECT_THAT(
        origins(plugin_search_path({"/given"}, context())),
        ElementsAre("--plugin-dir /given", "DAVIT_PLUGIN_PATH /one", "DAVIT_PLUGIN_PATH /two",
                    "user /home/someone/.local/share/davit/plugins",
                    "system /usr/local/lib/davit/plugins", "system /usr/lib/davit/plugins",
                    "bundled /opt/davit/lib/davit/plugins"));
}

TEST(SearchPath, PrefersTheXdgFolderIfItIsAbsolute) {
    SearchContext given = context();
    given.environment["XDG_DATA_HOME"] = "/data";
    EXPECT_THAT(origins(plugin_search_path({}, given)),
                testing::Contains("user /data/davit/plugins"));
    given.environment["XDG_DATA_HOME"] = "data";
    EXPECT_THAT(origins(plugin_search_path({}, given)),
                testing::Contains("user /home/someone/.local/share/davit/plugins"));
}

TEST(SearchPath, WithElevatedRightsBelievesNeitherEnvironmentNorUser) {
    SearchContext elevated_context = context();
    elevated_context.elevated = true;
    EXPECT_THAT(origins(plugin_search_path({}, elevated_context)),
                ElementsAre("system /usr/local/lib/davit/plugins", "system /usr/lib/davit/plugins",
                            "bundled /opt/davit/lib/davit/plugins"));
    const Error error = error_of([&] { plugin_search_path({"/given"}, elevated_context); });
    EXPECT_EQ(error.id(), "plugin-dir-elevated");
    EXPECT_EQ(error.code(), ExitCode::usage);
}

TEST(SearchPath, HasAFolderOnce) {
    SearchContext installed = context();
    installed.environment.clear();
    installed.prefix = "/usr";
    EXPECT_THAT(
        origins(plugin_search_path({"/usr/local/lib/davit/../davit/plugins"}, installed)),
        ElementsAre("--plugin-dir /usr/local/lib/davit/plugins", "system /usr/lib/davit/plugins"));
}

class Registry : public testing::Test {
 protected:
    fs::path place(const std::string &name) {
        fs::create_directories(folder_ / name);
        return folder_ / name;
    }
    void add(const std::string &in, const std::string &name, const Json &change = Json::object()) {
        Json document{{"manifest", 1},
                      {"id", "org.example." + name},
                      {"name", name},
                      {"kind", "driver"},
                      {"version", "1.0"},
                      {"sdk", "1.0"},
                      {"library", {{"linux", name + ".so"}}},
                      {"provides", {{"davit.driver/1", Json::object()}}}};
        document.merge_patch(change);
        write_text(place(in + "/" + name) / "plugin.json", document.dump());
    }
    PluginRegistry scan(const std::vector<std::string> &places) {
        std::vector<PluginFolder> path;
        for (const auto &name : places) path.push_back({folder_ / name, "system"});
        return PluginRegistry::scan(path);
    }
    static std::vector<std::string> names(const std::vector<const Manifest *> &plugins) {
        std::vector<std::string> found;
        for (const Manifest *plugin : plugins) found.push_back(plugin->name);
        return found;
    }

    TemporaryFolder folder_;
};

const Json mount{{"kind", "mount"},
                 {"provides", {{"davit.driver/1", nullptr}, {"davit.mount/1", Json::object()}}}};

TEST_F(Registry, SortsByNameWithinAKind) {
    add("a", "sloop");
    add("a", "rope", mount);
    add("b", "barge");
    const PluginRegistry registry = scan({"a", "b"});
    EXPECT_THAT(names(registry.drivers()), ElementsAre("barge", "sloop"));
    EXPECT_THAT(names(registry.mounts()), ElementsAre("rope"));
}

TEST_F(Registry, AFolderMayBeOnePluginItself) {
    add("a", "sloop");
    EXPECT_THAT(names(scan({"a/sloop"}).drivers()), ElementsAre("sloop"));
}

TEST_F(Registry, WithoutFoldersIsEmpty) {
    EXPECT_TRUE(scan({"nowhere"}).all().empty());
    EXPECT_TRUE(scan({"nowhere"}).skipped().empty());
}

TEST_F(Registry, AFolderThatWasAskedForMustExist) {
    const Error error = error_of([&] {
        PluginRegistry::scan({{folder_ / "nowhere", "--plugin-dir"}});
    });
    EXPECT_EQ(error.id(), "plugin-dir-missing");
    EXPECT_EQ(error.code(), ExitCode::usage);
}

TEST_F(Registry, WhatHoldsNoManifestIsNoPlugin) {
    place("a/notes");
    write_text(place("a") / "README", "hello");
    EXPECT_TRUE(scan({"a"}).skipped().empty());
}

TEST_F(Registry, TheFirstOfAnIdHidesTheOthers) {
    add("a", "sloop", {{"version", "1"}});
    add("b", "sloop", {{"version", "2"}});
    const PluginRegistry registry = scan({"a", "b"});
    EXPECT_EQ(registry.find(PluginKind::driver, "sloop").version, "1");
    ASSERT_EQ(registry.skipped().size(), 1U);
    EXPECT_EQ(registry.skipped()[0].error.id(), "plugin-shadowed");
    EXPECT_EQ(registry.skipped()[0].folder, folder_ / "b/sloop");
}

TEST_F(Registry, TheFirstOfANameHidesTheOthersOfItsKind) {
    add("a", "sloop");
    add("b", "sloop", {{"id", "org.other.sloop"}});
    add("c", "sloop", mount);
    add("d", "sloop", [] {
        Json change = mount;
        change["id"] = "org.other.rope";
        return change;
    }());
    const PluginRegistry registry = scan({"a", "b", "c", "d"});
    EXPECT_EQ(registry.all().size(), 2U);
    EXPECT_EQ(registry.find(PluginKind::driver, "sloop").id, "org.example.sloop");
    EXPECT_EQ(registry.find(PluginKind::mount, "sloop").id, "org.other.rope");
}

TEST_F(Registry, ABadPluginIsSkippedAndTheOthersAreFound) {
    add("a", "barge");
    add("a", "cog", {{"manifest", 2}});
    add("a", "dory", {{"provides", 7}});
    write_text(place("a/eel") / "plugin.json", "{");
    add("a", "sloop");
    const PluginRegistry registry = scan({"a"});
    EXPECT_THAT(names(registry.drivers()), ElementsAre("barge", "sloop"));
    std::vector<std::string> ids;
    for (const auto &skipped : registry.skipped()) ids.push_back(skipped.error.id());
    EXPECT_THAT(ids, ElementsAre("manifest-version", "manifest-wrong-type", "manifest-bad-json"));
}

TEST_F(Registry, ABadPluginThatIsAskedForIsTheError) {
    add("a", "cog", {{"manifest", 2}});
    const PluginRegistry registry = scan({"a"});
    EXPECT_EQ(error_of([&] { registry.find(PluginKind::driver, "cog"); }).id(), "manifest-version");
}

TEST_F(Registry, AnUnknownDriverIsToldWithThoseThatThereAre) {
    add("a", "sloop");
    add("a", "barge");
    const PluginRegistry registry = scan({"a"});
    const Error error = error_of([&] { registry.find(PluginKind::driver, "canoe"); });
    EXPECT_EQ(error.id(), "driver-unknown");
    EXPECT_THAT(error.hint(), HasSubstr("barge, sloop"));
}

TEST_F(Registry, AnUnknownMountIsToldToo) {
    const PluginRegistry registry = scan({"a"});
    EXPECT_EQ(error_of([&] { registry.find(PluginKind::mount, "rope"); }).id(), "mount-unknown");
}

TEST_F(Registry, AFolderThatIsAFileIsOneWarning) {
    write_text(folder_ / "file", "");
    const PluginRegistry registry = scan({"file"});
    ASSERT_EQ(registry.skipped().size(), 1U);
    EXPECT_EQ(registry.skipped()[0].error.id(), "plugin-folder-unreadable");
}

TEST_F(Registry, APluginThatOthersCanChangeIsSkipped) {
    add("a", "sloop");
    fs::permissions(folder_ / "a/sloop/plugin.json", fs::perms{0666});
    const PluginRegistry registry = scan({"a"});
    EXPECT_TRUE(registry.all().empty());
    ASSERT_EQ(registry.skipped().size(), 1U);
    EXPECT_EQ(registry.skipped()[0].error.id(), "plugin-unsafe-mode");
}

}  // namespace
}  // namespace davit::host
