// SPDX-License-Identifier: Apache-2.0
// The matrix of drivers and capabilities.
#include "plugins/capabilities.hpp"

#include <gmock/gmock.h>

#include "support.hpp"

namespace davit::host {
namespace {

Manifest driver(const std::string &name, const Json &provides) {
    Manifest manifest;
    manifest.name = name;
    for (const auto &[id, parameters] : provides.items()) manifest.provides[id] = parameters;
    return manifest;
}

Json row(const Json &matrix, const std::string &id) {
    for (const auto &capability : matrix["capabilities"]) {
        if (capability["id"] == id) return capability;
    }
    return {};
}

TEST(Capabilities, AreSortedById) {
    const auto known = known_capabilities();
    EXPECT_TRUE(std::is_sorted(known.begin(), known.end(), [](const auto &a, const auto &b) {
        return std::string_view{a.id} < b.id;
    }));
}

TEST(Capabilities, HaveTablesOfWholePointers) {
    for (const auto &capability : known_capabilities()) {
        EXPECT_EQ(capability.table_size % sizeof(void *), 0U) << capability.id;
        EXPECT_GT(capability.table_size, sizeof(size_t)) << capability.id;
    }
}

TEST(Capabilities, HaveShortNamesUnlessTheyAreForeign) {
    EXPECT_EQ(short_name("davit.driver.native-mounts/1"), "native-mounts");
    EXPECT_EQ(short_name("davit.driver.snapshots/2"), "davit.driver.snapshots/2");
    EXPECT_EQ(short_name("com.example.gpu/1"), "com.example.gpu/1");
}

TEST(CapabilityMatrix, HasParametersWhereDeclaredAndNullElsewhere) {
    const Manifest sloop = driver("sloop", {{"davit.driver.snapshots/1", {{"live", true}}}});
    const Manifest barge = driver("barge", Json::object());
    const Json matrix = capability_matrix({&barge, &sloop});
    EXPECT_EQ(matrix["drivers"], Json({"barge", "sloop"}));
    const Json snapshots = row(matrix, "davit.driver.snapshots/1");
    EXPECT_EQ(snapshots["drivers"]["sloop"], Json({{"live", true}}));
    EXPECT_TRUE(snapshots["drivers"]["barge"].is_null());
    EXPECT_EQ(snapshots["known"], true);
}

TEST(CapabilityMatrix, ShowsWhatNoDriverHasAndWhatOnlyAThirdPartyKnows) {
    const Manifest sloop = driver("sloop", {{"com.example.gpu/1", {{"count", 2}}}});
    const Json matrix = capability_matrix({&sloop});
    EXPECT_TRUE(row(matrix, "davit.driver.clone/1")["drivers"]["sloop"].is_null());
    EXPECT_EQ(row(matrix, "com.example.gpu/1")["drivers"]["sloop"], Json({{"count", 2}}));
    EXPECT_EQ(row(matrix, "com.example.gpu/1")["known"], false);
}

TEST(CapabilityMatrix, LeavesOutWhatMakesADriver) {
    const Manifest sloop = driver("sloop", {{"davit.driver/1", Json::object()}});
    const Json matrix = capability_matrix({&sloop});
    EXPECT_TRUE(row(matrix, "davit.driver/1").is_null());
    EXPECT_TRUE(row(matrix, "davit.mount/1").is_null());
}

}  // namespace
}  // namespace davit::host
