// SPDX-License-Identifier: Apache-2.0
// Both sides of the C++ layer, joined by the border.
#include <gtest/gtest.h>

#include <davit/cxx/host.hpp>

#include "example_driver.hpp"
#include "fake_host.hpp"

constexpr static char manifest[] =
    R"({"davit.driver/1": {}, "davit.driver.snapshots/1": {}, "davit.driver.networks/1": {}})";
DAVIT_PLUGIN(example::Driver, manifest)

namespace {

using Lines = std::vector<std::string>;

davit_plugin plugin_of(decltype(davit_plugin::start) start, decltype(davit_plugin::stop) stop,
                       decltype(davit_plugin::get) get) {
    return {sizeof(davit_plugin), DAVIT_SDK_MAJOR, DAVIT_SDK_MINOR, "{}", start, stop, get};
}

template <typename Class>
davit_plugin plugin_of() {
    return plugin_of(davit::detail::Running<Class>::start, davit::detail::Running<Class>::stop,
                     davit::detail::get_table<Class>);
}

davit_status status_of(const std::function<void()> &work) {
    try {
        work();
        return DAVIT_OK;
    } catch (const davit::Error &error) {
        return error.status();
    }
}

class Loaded : public testing::Test {
 public:
    Loaded() : plugin_(*davit_plugin_v1()) {
        example::log().clear();
        plugin_.start(host_.raw(), options_);
    }
    ~Loaded() override { plugin_.stop(); }

 protected:
    FakeHost host_;
    davit::CallOptions options_;
    davit::loaded::Plugin plugin_;
};

TEST_F(Loaded, StartsWithTheHost) {
    EXPECT_EQ(host_.logged, Lines{"1 started by davit"});
    EXPECT_EQ(plugin_.manifest(), manifest);
}

TEST_F(Loaded, PassesStringsBothWays) {
    const davit::loaded::Driver driver(plugin_);
    EXPECT_EQ(driver.probe(options_), "{\"version\":\"1\"}");
    driver.create("/dir", "{}", options_);
    EXPECT_EQ(example::log(), Lines{"create /dir {}"});
}

TEST_F(Loaded, ClosesAMachineOnceWithItsOwner) {
    const davit::loaded::Driver driver(plugin_);
    {
        davit::loaded::Machine machine = driver.open("/m", options_);
        davit::loaded::Machine moved = std::move(machine);
        EXPECT_EQ(moved.inspect(options_), "{\"state\":\"stopped\"}");
    }
    EXPECT_EQ(example::log(), Lines{"close /m"});
}

TEST_F(Loaded, ReportsAThrownInt) {
    auto machine = davit::loaded::Driver(plugin_).open("/m", options_);
    EXPECT_EQ(status_of([&] { machine.start(options_); }), DAVIT_E_FAILED);
}

TEST_F(Loaded, RefusesAnUnknownWayToStop) {
    auto machine = davit::loaded::Driver(plugin_).open("/m", options_);
    machine.stop(DAVIT_STOP_FORCE, options_);
    EXPECT_EQ(status_of([&] { machine.stop(7, options_); }), DAVIT_E_INVALID);
    EXPECT_EQ(example::log(), Lines{"force"});
}

TEST_F(Loaded, NeverHasAMachineThatWasNotOpened) {
    const davit::loaded::Driver driver(plugin_);
    davit_machine *machine = nullptr;
    davit::CallContext context;
    EXPECT_EQ(davit::detail::DriverTable<example::Driver>::open("/none", &machine, context.raw()),
              DAVIT_E_FAILED);
    EXPECT_EQ(machine, nullptr);
    EXPECT_EQ(status_of([&] { driver.open("/none", options_); }), DAVIT_E_FAILED);
}

TEST_F(Loaded, HasTheCapabilitiesOfTheClassAndNoOther) {
    const davit::loaded::Driver driver(plugin_);
    auto machine = driver.open("/m", options_);
    EXPECT_TRUE(driver.networks());
    EXPECT_FALSE(driver.adopt());
    EXPECT_TRUE(machine.snapshots());
    EXPECT_TRUE(machine.networks());
    EXPECT_FALSE(machine.suspend());
    EXPECT_FALSE(machine.native_mounts());
    EXPECT_FALSE(machine.clone());
    EXPECT_FALSE(machine.resize());
}

TEST_F(Loaded, CallsACapability) {
    const davit::loaded::Driver driver(plugin_);
    auto machine = driver.open("/m", options_);
    const auto snapshots = machine.snapshots();
    snapshots->take("s1", options_);
    machine.networks()->connect("{}", options_);
    EXPECT_EQ(example::log(), (Lines{"take s1", "{}"}));
    EXPECT_EQ(snapshots->list(options_), "{\"snapshots\":[]}");
    EXPECT_EQ(driver.networks()->list(options_), "{\"networks\":[]}");
    EXPECT_EQ(status_of([&] { snapshots->restore("s2", options_); }), DAVIT_E_NOT_FOUND);
}

TEST(LoadedMount, AttachesAndDetaches) {
    const davit_plugin table = plugin_of<example::Mount>();
    const davit::loaded::Plugin plugin(table);
    const FakeHost host;
    plugin.start(host.raw(), {});
    const davit::loaded::Mount mount(plugin);
    auto point = mount.attach("{}", "token", {});
    EXPECT_EQ(point.attached(), "{\"state\":\"active\",\"reason\":\"token\"}");
    EXPECT_EQ(point.inspect({}), "{\"state\":\"active\"}");
    EXPECT_EQ(status_of([&] { point.detach(DAVIT_DETACH_GRACEFUL, {}); }), DAVIT_E_BUSY);
    EXPECT_EQ(status_of([&] { mount.check("", {}); }), DAVIT_E_INVALID);
    EXPECT_EQ(status_of([&] { davit::loaded::Driver driver(plugin); }), DAVIT_E_UNSUPPORTED);
    plugin.stop();
}

TEST(LoadedPlugin, FailsACallBeforeItWasStarted) {
    const davit_plugin table = plugin_of<example::PlainDriver>();
    const davit::loaded::Driver driver{davit::loaded::Plugin(table)};
    EXPECT_EQ(status_of([&] { driver.probe({}); }), DAVIT_E_INVALID);
}

// A plugin of an earlier SDK, whose driver table ended after open(). What stands behind is no
// function of the table, and must not be called.
davit_status no_member(davit_machine *, davit_call *) {
    ADD_FAILURE() << "called beyond the table's end";
    return DAVIT_OK;
}
const davit_driver short_driver = {
    offsetof(davit_driver, close),
    [](davit_call *) -> davit_status { return -77; },
    nullptr,
    [](const char *, davit_machine **machine, davit_call *) -> davit_status {
        static int object;
        *machine = reinterpret_cast<davit_machine *>(&object);
        return DAVIT_OK;
    },
    [](davit_machine *machine) { no_member(machine, nullptr); },
    no_member,
    no_member,
    [](davit_machine *machine, int32_t, davit_call *call) { return no_member(machine, call); },
    no_member};

TEST(LoadedPlugin, ToleratesShortTablesAndUnknownStatuses) {
    const davit_plugin table = plugin_of(nullptr, nullptr, [](const char *id) -> const void * {
        return std::string(id) == DAVIT_DRIVER ? &short_driver : nullptr;
    });
    const davit::loaded::Driver driver{davit::loaded::Plugin(table)};
    EXPECT_EQ(status_of([&] { driver.probe({}); }), DAVIT_E_FAILED);
    EXPECT_EQ(status_of([&] { driver.create("/d", "{}", {}); }), DAVIT_E_UNSUPPORTED);
    auto machine = driver.open("/d", {});
    EXPECT_EQ(status_of([&] { machine.inspect({}); }), DAVIT_E_UNSUPPORTED);
}

struct Interrupted {};

TEST_F(Loaded, ThrowsWhatItsProgressFunctionThrew) {
    davit_plugin table = plugin_of(
        [](const davit_host *, davit_call *call) { return call->progress(call, "starting", 0, 0); },
        nullptr, nullptr);
    options_.progress = [](const char *, std::uint64_t, std::uint64_t) -> bool {
        throw Interrupted();
    };
    EXPECT_THROW(davit::loaded::Plugin(table).start(host_.raw(), options_), Interrupted);
    options_.progress = [](const char *, std::uint64_t, std::uint64_t) { return false; };
    EXPECT_THROW(davit::loaded::Plugin(table).start(host_.raw(), options_), davit::Cancelled);
}

}  // namespace
