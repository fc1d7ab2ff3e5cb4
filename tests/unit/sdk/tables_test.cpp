// SPDX-License-Identifier: Apache-2.0
// A class yields exactly the tables of the capabilities that it derives from.
#include <gtest/gtest.h>

#include "example_driver.hpp"

namespace {

using davit::detail::declares_what_it_has;
using davit::detail::get_table;

constexpr const char *driver_ids[] = {
    DAVIT_DRIVER,          DAVIT_DRIVER_SUSPEND,       DAVIT_DRIVER_SNAPSHOTS,
    DAVIT_DRIVER_NETWORKS, DAVIT_DRIVER_NATIVE_MOUNTS, DAVIT_DRIVER_CLONE,
    DAVIT_DRIVER_RESIZE,   DAVIT_DRIVER_ADOPT};

template <typename Plugin>
std::vector<std::string> provided() {
    std::vector<std::string> ids;
    for (const char *id : driver_ids)
        if (get_table<Plugin>(id) != nullptr) ids.emplace_back(id);
    if (get_table<Plugin>(DAVIT_MOUNT) != nullptr) ids.emplace_back(DAVIT_MOUNT);
    return ids;
}

TEST(Tables, OfADriverAreThoseOfItsBases) {
    EXPECT_EQ(
        provided<example::Driver>(),
        (std::vector<std::string>{DAVIT_DRIVER, DAVIT_DRIVER_SNAPSHOTS, DAVIT_DRIVER_NETWORKS}));
}

TEST(Tables, OfAClassWithoutCapabilitiesAreTheDriverAlone) {
    EXPECT_EQ(provided<example::PlainDriver>(), std::vector<std::string>{DAVIT_DRIVER});
    EXPECT_EQ(get_table<example::PlainDriver>(DAVIT_DRIVER_SNAPSHOTS), nullptr);
}

TEST(Tables, OfAMountAreTheMountAlone) {
    EXPECT_EQ(provided<example::Mount>(), std::vector<std::string>{DAVIT_MOUNT});
}

TEST(Tables, AreFoundByTheWholeId) {
    EXPECT_EQ(get_table<example::Driver>("davit.driver"), nullptr);
    EXPECT_EQ(get_table<example::Driver>("davit.driver/1x"), nullptr);
    EXPECT_EQ(get_table<example::Driver>("davit.driver/2"), nullptr);
    EXPECT_EQ(get_table<example::Driver>(""), nullptr);
    EXPECT_EQ(get_table<example::Driver>(nullptr), nullptr);
}

TEST(Tables, OfThirdPartiesAreFoundToo) {
    EXPECT_NE(get_table<example::PlainDriver>("org.example.extra/1"), nullptr);
    EXPECT_EQ(get_table<example::PlainDriver>("org.example.extra/2"), nullptr);
}

// Every member after struct_size is a function.
template <typename Table>
void expect_full(const Table &table) {
    EXPECT_EQ(table.struct_size, sizeof(Table));
    const auto *members = reinterpret_cast<void *const *>(&table);
    for (std::size_t i = 1; i < sizeof(Table) / sizeof(void *); ++i)
        EXPECT_NE(members[i], nullptr) << i;
}

struct AllMachine : example::PlainMachine,
                    davit::Suspend,
                    davit::Snapshots,
                    davit::Networks,
                    davit::NativeMounts,
                    davit::Clone,
                    davit::Resize {};
struct AllDriver : davit::Driver<AllMachine>, davit::NetworkList, davit::Adopt {};

TEST(Tables, AreFull) {
    using davit::detail::MountTable;
    expect_full(davit::detail::DriverTable<example::Driver>::table);
    expect_full(MountTable<example::Mount>::table);
    expect_full(davit::detail::SuspendTable<AllMachine>::table);
    expect_full(davit::detail::SnapshotsTable<AllMachine>::table);
    expect_full(davit::detail::NativeMountsTable<AllMachine>::table);
    expect_full(davit::detail::CloneTable<AllMachine>::table);
    expect_full(davit::detail::ResizeTable<AllMachine>::table);
    expect_full(davit::detail::NetworksTable<AllDriver>::table);
    expect_full(davit::detail::AdoptTable<AllDriver>::table);
}

TEST(ManifestAtCompileTime, AgreesWhenItDeclaresWhatTheClassHas) {
    static_assert(declares_what_it_has<example::Driver>(
        R"({"provides": {"davit.driver/1": {}, "davit.driver.snapshots/1": {},
            "davit.driver.networks/1": {"modes": []}, "org.example.more/1": {}}})"));
    static_assert(declares_what_it_has<example::PlainDriver>(R"({"davit.driver/1": {}})"));
}

TEST(ManifestAtCompileTime, DisagreesWhenACapabilityIsMissingOnEitherSide) {
    static_assert(!declares_what_it_has<example::Driver>(
        R"({"davit.driver/1": {}, "davit.driver.snapshots/1": {}})"));
    static_assert(!declares_what_it_has<example::PlainDriver>(
        R"({"davit.driver/1": {}, "davit.driver.snapshots/1": {}})"));
    static_assert(!declares_what_it_has<example::PlainDriver>(R"({"davit.driver/10": {}})"));
}

}  // namespace
