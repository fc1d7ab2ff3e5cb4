// SPDX-License-Identifier: Apache-2.0
// The template drivers keep the promises of a driver, loaded by the host as users' are.
#include <gtest/gtest.h>

#include <fstream>

#include "base/files.hpp"
#include "base/process.hpp"
#include "davit/cxx/host.hpp"
#include "plugins/driver.hpp"
#include "plugins/loader.hpp"

namespace davit::host {
namespace {

struct Silent : Progress {
    void step(const std::string &, std::uint64_t, std::uint64_t) override {}
    void note(const std::string &) override {}
    void done() override {}
};

class Template : public testing::TestWithParam<const char *> {
 public:
    Template() {
        std::string name = (fs::temp_directory_path() / "davit-test-XXXXXX").string();
        folder_ = fs::canonical(::mkdtemp(name.data()));
        ::setenv("DAVIT_HOME", (folder_ / "home").c_str(), 1);
        fs::create_directory(machine_folder_ = folder_ / "machine \"1\"");
    }
    ~Template() override {
        if (!fs::is_empty(machine_folder_)) open()->remove(options_);
        fs::remove_all(folder_);
    }

 protected:
    static Manifest manifest() { return read_manifest(fs::path(DAVIT_TEMPLATES) / GetParam()); }
    Driver &driver() { return load_driver(manifest(), progress_, cancel_); }
    void create() { driver().create(machine_folder_, Json{{"name", "web"}}, options_); }
    std::unique_ptr<Machine> open() { return driver().open(machine_folder_, options_); }
    std::string state() { return open()->inspect(options_).at("state"); }

    Silent progress_;
    Cancel cancel_;
    CallOptions options_{Deadline::after(std::chrono::minutes(1)), cancel_, progress_};
    fs::path folder_;
    fs::path machine_folder_;
};

INSTANTIATE_TEST_SUITE_P(Sdk, Template, testing::Values("paper", "sleeper"));

TEST_P(Template, Probes) {
    EXPECT_TRUE(driver().probe(options_).at("version").is_string());
}

TEST_P(Template, MachineIsStoppedThenRunsThenIsStopped) {
    create();
    EXPECT_EQ(state(), "stopped");
    open()->start(options_);
    open()->start(options_);
    EXPECT_EQ(state(), "running");
    open()->stop(StopHow::graceful, options_);
    open()->stop(StopHow::force, options_);
    EXPECT_EQ(state(), "stopped");
}

TEST_P(Template, RemovesARunningMachineWithAllItsFiles) {
    create();
    const auto machine = open();
    machine->start(options_);
    machine->remove(options_);
    machine->remove(options_);
    EXPECT_TRUE(fs::is_empty(machine_folder_));
}

TEST_P(Template, DoesNotOpenWhatItDidNotCreate) {
    EXPECT_THROW(open(), Error);
}

TEST_P(Template, LeavesAFolderThatCannotHoldAMachineEmpty) {
    fs::remove(machine_folder_);
    EXPECT_THROW(create(), Error);
    fs::create_directory(machine_folder_);
}

// Capabilities that the host's own interface does not reach yet are called as the SDK does it.
class Capabilities : public Template {
 protected:
    loaded::Machine create_and_open() {
        create();
        const loaded::Driver driver{loaded::Plugin(map_plugin(manifest()))};
        return driver.open(machine_folder_.string(), {});
    }
    static davit_status status_of(const std::function<void()> &work) {
        try {
            work();
            return DAVIT_OK;
        } catch (const davit::Error &error) {
            return error.status();
        }
    }
};

class Paper : public Capabilities {};
INSTANTIATE_TEST_SUITE_P(Sdk, Paper, testing::Values("paper"));

TEST_P(Paper, SuspendsRunningMachinesOnlyAndResumes) {
    loaded::Machine machine = create_and_open();
    const auto suspend = machine.suspend();
    ASSERT_TRUE(suspend);
    EXPECT_EQ(status_of([&] { suspend->suspend({}); }), DAVIT_E_STATE);
    machine.start({});
    EXPECT_EQ(status_of([&] { suspend->discard({}); }), DAVIT_E_STATE);
    suspend->suspend({});
    suspend->suspend({});
    EXPECT_EQ(state(), "suspended");
    machine.start({});
    EXPECT_EQ(state(), "running");
    EXPECT_FALSE(machine.snapshots());
}

class Sleeper : public Capabilities {
 protected:
    void write_disk(const std::string &content) {
        std::ofstream(machine_folder_ / "disk") << content;
    }
    std::string disk() { return *read_file(machine_folder_ / "disk", 4096); }
};
INSTANTIATE_TEST_SUITE_P(Sdk, Sleeper, testing::Values("sleeper"));

TEST_P(Sleeper, BringsSnapshotsBack) {
    loaded::Machine machine = create_and_open();
    const auto snapshots = machine.snapshots();
    ASSERT_TRUE(snapshots);
    write_disk("before");
    snapshots->take("s1", {});
    write_disk("after");
    snapshots->restore("s1", {});
    EXPECT_EQ(disk(), "before");
    EXPECT_EQ(Json::parse(snapshots->list({})),
              Json::parse(R"({"snapshots": [{"id": "s1", "size": 6}]})"));
    snapshots->remove("s1", {});
    snapshots->remove("s1", {});
    EXPECT_EQ(status_of([&] { snapshots->restore("s1", {}); }), DAVIT_E_NOT_FOUND);
}

TEST_P(Sleeper, TakesNoSnapshotOfARunningMachineNorOneTwice) {
    loaded::Machine machine = create_and_open();
    const auto snapshots = machine.snapshots();
    snapshots->take("s1", {});
    EXPECT_EQ(status_of([&] { snapshots->take("s1", {}); }), DAVIT_E_EXISTS);
    machine.start({});
    EXPECT_EQ(status_of([&] { snapshots->take("s2", {}); }), DAVIT_E_STATE);
    EXPECT_FALSE(machine.suspend());
}

}  // namespace
}  // namespace davit::host
