// SPDX-License-Identifier: Apache-2.0
// Manifests: each fault has its own error, which names the file and the key; what is newer is
// ignored.
#include "plugins/manifest.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support.hpp"

namespace davit::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A manifest with every key that a driver may have.
Json flawless() {
    return Json::parse(R"({
        "manifest": 1, "id": "org.example.boat", "name": "boat", "kind": "driver",
        "version": "2.1.0-rc1", "sdk": "1.0",
        "library": {"linux": "boat.so", "windows-x86_64": "boat.dll"},
        "provides": {"davit.driver/1": {}, "davit.driver.snapshots/1": {"live": false}},
        "scope": "boats", "adopts": ["rafts"], "default_for": {"linux": 100, "windows": 50}})");
}

Json flawless_mount() {
    return Json::parse(R"({
        "manifest": 1, "id": "org.example.rope", "name": "rope", "kind": "mount",
        "version": "1.0", "sdk": ">=1.0", "library": {"linux": "rope.so"},
        "provides": {"davit.mount/1": {}},
        "needs": {"davit.driver.native-mounts/1": {"types": ["rope"]}}, "rank": 7})");
}

Manifest parse(const Json &document) {
    return parse_manifest("/plugins/boat", document.dump());
}

TEST(ManifestOf, ADriverIsReadWhole) {
    const Manifest manifest = parse(flawless());
    EXPECT_EQ(manifest.id, "org.example.boat");
    EXPECT_EQ(manifest.name, "boat");
    EXPECT_EQ(manifest.kind, PluginKind::driver);
    EXPECT_EQ(manifest.version, "2.1.0-rc1");
    EXPECT_EQ(manifest.library_path(), "/plugins/boat/boat.so");
    EXPECT_EQ(manifest.provides.at("davit.driver.snapshots/1"), Json({{"live", false}}));
    EXPECT_EQ(manifest.scope, "boats");
    EXPECT_THAT(manifest.adopts, ElementsAre("rafts"));
    EXPECT_EQ(manifest.rank, 100);
    EXPECT_EQ(manifest.bytes, flawless().dump());
}

TEST(ManifestOf, AMountIsReadWhole) {
    const Manifest manifest = parse(flawless_mount());
    EXPECT_EQ(manifest.kind, PluginKind::mount);
    EXPECT_EQ(manifest.needs.at("davit.driver.native-mounts/1"), Json({{"types", {"rope"}}}));
    EXPECT_EQ(manifest.rank, 7);
}

TEST(ManifestOf, ADriverWithoutScopeHasItsOwn) {
    Json document = flawless();
    document.erase("scope");
    EXPECT_EQ(parse(document).scope, "boat");
}

TEST(ManifestOf, ADriverThatIsNoDefaultHasRankZero) {
    Json document = flawless();
    document.erase("default_for");
    EXPECT_EQ(parse(document).rank, 0);
}

TEST(ManifestOf, ThisProcessorComesBeforeThatOfAny) {
    Json document = flawless();
    document["library"][platform_keys().front()] = "fitting.so";
    EXPECT_EQ(parse(document).library, "fitting.so");
}

TEST(ManifestOf, ANewerPluginMayHaveKeysThatDavitDoesNotKnow) {
    Json document = flawless();
    document["isolation"] = {{"level", 9}};
    EXPECT_EQ(parse(document).name, "boat");
}

TEST(ManifestOf, AMinorSdkThatIsNewerLoadsUnlessItIsDemanded) {
    Json document = flawless();
    document["sdk"] = "1.7";
    EXPECT_EQ(parse(document).name, "boat");
    document["sdk"] = ">=1.7";
    EXPECT_EQ(error_of([&] { parse(document); }).id(), "manifest-sdk-minor");
}

struct Fault {
    const char *change;  // an RFC 7396 merge patch; null removes a key
    const char *id;
    const char *message;  // a part of it
};

void PrintTo(const Fault &fault, std::ostream *out) {
    *out << fault.change;
}

class ManifestFaults : public testing::TestWithParam<Fault> {};

TEST_P(ManifestFaults, AreNamed) {
    Json document = flawless();
    document.merge_patch(Json::parse(GetParam().change));
    const Error error = error_of([&] { parse(document); });
    EXPECT_EQ(error.id(), GetParam().id) << error.message();
    EXPECT_THAT(error.message(), HasSubstr(GetParam().message));
    EXPECT_THAT(error.message(), HasSubstr("/plugins/boat/plugin.json"));
}

INSTANTIATE_TEST_SUITE_P(
    All, ManifestFaults,
    testing::Values(
        Fault{R"({"manifest": null})", "manifest-missing-key", "\"manifest\""},
        Fault{R"({"manifest": "1"})", "manifest-wrong-type", "\"manifest\" must be an integer"},
        Fault{R"({"manifest": 1.0})", "manifest-wrong-type", "\"manifest\""},
        Fault{R"({"manifest": -1})", "manifest-wrong-type", "\"manifest\""},
        Fault{R"({"manifest": 2})", "manifest-version", "version 2"},
        Fault{R"({"manifest": 0})", "manifest-version", "version 0"},
        Fault{R"({"id": null})", "manifest-missing-key", "\"id\""},
        Fault{R"({"id": 7})", "manifest-wrong-type", "\"id\" must be a string"},
        Fault{R"({"id": "boat"})", "manifest-id", "\"boat\""},
        Fault{R"({"id": ""})", "manifest-id", "\"id\""},
        Fault{R"({"id": "org.example.Boat"})", "manifest-id", "Boat"},
        Fault{R"({"id": "org..boat"})", "manifest-id", "org..boat"},
        Fault{R"({"id": ".org.boat"})", "manifest-id", ".org.boat"},
        Fault{R"({"id": "org.boat."})", "manifest-id", "org.boat."},
        Fault{R"({"id": "org.example/boat"})", "manifest-id", "org.example/boat"},
        Fault{R"({"name": null})", "manifest-missing-key", "\"name\""},
        Fault{R"({"name": "Boat"})", "manifest-name", "\"Boat\""},
        Fault{R"({"name": "-boat"})", "manifest-name", "\"-boat\""},
        Fault{R"({"name": "../boat"})", "manifest-name", "\"../boat\""},
        Fault{R"({"name": "boat\u001b[2J"})", "manifest-name", "\"name\""},
        Fault{R"({"kind": null})", "manifest-missing-key", "\"kind\""},
        Fault{R"({"kind": "network"})", "manifest-kind", "\"network\""},
        Fault{R"({"version": ""})", "manifest-plugin-version", "\"version\""},
        Fault{R"({"version": "v1"})", "manifest-plugin-version", "\"v1\""},
        Fault{R"({"version": "1 beta"})", "manifest-plugin-version", "\"1 beta\""},
        Fault{R"({"sdk": null})", "manifest-missing-key", "\"sdk\""},
        Fault{R"({"sdk": 1.0})", "manifest-wrong-type", "\"sdk\" must be a string"},
        Fault{R"({"sdk": "1"})", "manifest-sdk", "\"1\""},
        Fault{R"({"sdk": "1."})", "manifest-sdk", "\"1.\""},
        Fault{R"({"sdk": ".0"})", "manifest-sdk", "\".0\""},
        Fault{R"({"sdk": "1.0.0"})", "manifest-sdk", "\"1.0.0\""},
        Fault{R"({"sdk": "1.0 "})", "manifest-sdk", "\"1.0 \""},
        Fault{R"({"sdk": " 1.0"})", "manifest-sdk", "\" 1.0\""},
        Fault{R"({"sdk": "+1.0"})", "manifest-sdk", "\"+1.0\""},
        Fault{R"({"sdk": "1.-1"})", "manifest-sdk", "\"1.-1\""},
        Fault{R"({"sdk": "01.0"})", "manifest-sdk", "\"01.0\""},
        Fault{R"({"sdk": "1.00"})", "manifest-sdk", "\"1.00\""},
        Fault{R"({"sdk": "abc"})", "manifest-sdk", "\"abc\""},
        Fault{R"({"sdk": ">1.0"})", "manifest-sdk", "\">1.0\""},
        Fault{R"({"sdk": "4294967297.0"})", "manifest-sdk", "4294967297"},
        Fault{R"({"sdk": "2.0"})", "manifest-sdk-major", "needs SDK 2.0"},
        Fault{R"({"sdk": ">=2.0"})", "manifest-sdk-major", "needs SDK 2.0"},
        Fault{R"({"sdk": "0.9"})", "manifest-sdk-major", "needs SDK 0.9"},
        Fault{R"({"sdk": ">=1.1"})", "manifest-sdk-minor", "needs SDK 1.1"},
        Fault{R"({"library": null})", "manifest-missing-key", "\"library\""},
        Fault{R"({"library": "boat.so"})", "manifest-wrong-type", "\"library\" must be an object"},
        Fault{R"({"library": {"linux": 7}})", "manifest-wrong-type", "\"library.linux\""},
        Fault{R"({"library": {"linux": ""}})", "manifest-library-path", "library.linux"},
        Fault{R"({"library": {"linux": "/usr/lib/libc.so.6"}})", "manifest-library-path",
              "/usr/lib"},
        Fault{R"({"library": {"linux": "../boat.so"}})", "manifest-library-path", "../boat.so"},
        Fault{R"({"library": {"linux": "sub/boat.so"}})", "manifest-library-path", "sub/boat.so"},
        Fault{R"({"library": {"linux": ".."}})", "manifest-library-path", "\"..\""},
        Fault{R"({"library": {"linux": ".hidden.so"}})", "manifest-library-path", ".hidden.so"},
        Fault{R"({"library": {"linux": "boat\u0000.so"}})", "manifest-library-path", "boat"},
        Fault{R"({"library": {"windows-x86_64": "..\\boat.dll"}})", "manifest-library-path",
              "boat.dll"},
        Fault{R"({"library": {"windows-x86_64": "C:boat.dll"}})", "manifest-library-path",
              "C:boat"},
        Fault{R"({"library": {"linux": null}})", "manifest-no-library", "windows-x86_64"},
        Fault{R"({"provides": null})", "manifest-missing-key", "\"provides\""},
        Fault{R"({"provides": []})", "manifest-wrong-type", "\"provides\" must be an object"},
        Fault{R"({"provides": {"davit.driver/1": true}})", "manifest-wrong-type", "davit.driver/1"},
        Fault{R"({"provides": {"davit.driver/1": null}})", "manifest-provides", "davit.driver/1"},
        Fault{R"({"provides": {"snapshots": {}}})", "manifest-capability-id", "\"snapshots\""},
        Fault{R"({"provides": {"com.example.gpu": {}}})", "manifest-capability-id",
              "com.example.gpu"},
        Fault{R"({"provides": {"com.example.gpu/0": {}}})", "manifest-capability-id", "gpu/0"},
        Fault{R"({"provides": {"com.example.gpu/1x": {}}})", "manifest-capability-id", "gpu/1x"},
        Fault{R"({"kind": "mount"})", "manifest-provides", "davit.mount/1"},
        Fault{R"({"scope": 7})", "manifest-wrong-type", "\"scope\""},
        Fault{R"({"scope": "../../etc"})", "manifest-scope", "../../etc"},
        Fault{R"({"adopts": "rafts"})", "manifest-wrong-type", "\"adopts\" must be an array"},
        Fault{R"({"adopts": ["rafts", 7]})", "manifest-wrong-type", "\"adopts[]\""},
        Fault{R"({"adopts": [".."]})", "manifest-scope", "\"..\""},
        Fault{R"({"default_for": 7})", "manifest-wrong-type", "\"default_for\""},
        Fault{R"({"default_for": {"windows": "best"}})", "manifest-wrong-type",
              "default_for.windows"},
        Fault{R"({"default_for": {"linux": 0}})", "manifest-rank", "default_for.linux"},
        Fault{R"({"default_for": {"linux": 1001}})", "manifest-rank", "default_for.linux"}));

TEST(ManifestText, ThatIsNoObjectIsRefused) {
    EXPECT_EQ(error_of([] { parse_manifest("/p", "[]"); }).id(), "manifest-wrong-type");
}

TEST(ManifestText, ThatIsNoJsonIsRefused) {
    for (const std::string text : {"", "{", "{} {}", "manifest: 1", "{\"a\": \"\xff\"}"}) {
        EXPECT_EQ(error_of([&] { parse_manifest("/p", text); }).id(), "manifest-bad-json") << text;
    }
}

TEST(ManifestText, WithAKeyTwiceIsRefused) {
    std::string text = flawless().dump();
    text.insert(1, R"("name": "other", )");
    const Error error = error_of([&] { parse_manifest("/p", text); });
    EXPECT_EQ(error.id(), "manifest-bad-json");
    EXPECT_THAT(error.message(), HasSubstr("the key \"name\" appears twice"));
}

TEST(ManifestText, ThatIsNestedTooDeepIsRefused) {
    std::string text = flawless().dump();
    text.insert(1, "\"deep\": " + std::string(30000, '[') + std::string(30000, ']') + ", ");
    const Error error = error_of([&] { parse_manifest("/p", text); });
    EXPECT_EQ(error.id(), "manifest-bad-json");
    EXPECT_THAT(error.message(), HasSubstr("nested deeper"));
}

class ManifestFile : public testing::Test {
 protected:
    ManifestFile() { fs::create_directory(folder_); }
    Error error() {
        return error_of([&] { read_manifest(folder_); });
    }
    TemporaryFolder parent_;
    fs::path folder_ = parent_ / "boat";
    fs::path file_ = folder_ / "plugin.json";
};

TEST_F(ManifestFile, IsReadByteForByte) {
    write_text(file_, flawless().dump(3) + "\n\n");
    EXPECT_EQ(read_manifest(folder_).bytes, flawless().dump(3) + "\n\n");
}

TEST_F(ManifestFile, ThatIsMissingIsSaidToBe) {
    EXPECT_EQ(error().id(), "manifest-missing");
}

TEST_F(ManifestFile, BeyondTheLimitIsRefused) {
    write_text(file_, flawless().dump() + std::string(64 << 10, ' '));
    EXPECT_EQ(error().id(), "manifest-too-large");
}

TEST_F(ManifestFile, ThatIsAPipeIsNotWaitedFor) {
    ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
    EXPECT_EQ(error().id(), "plugin-not-a-file");
}

TEST_F(ManifestFile, InAFolderThatDoesNotExistIsAnError) {
    EXPECT_EQ(error_of([&] { read_manifest(folder_ / "nowhere"); }).id(), "system");
}

}  // namespace
}  // namespace davit::host
