// SPDX-License-Identifier: Apache-2.0
// What the real plugin finds on this computer, and the machines it makes or refuses to make.
#include <gtest/gtest.h>

#include <fstream>

#include "workbench.hpp"

namespace davit::qemu::test {
namespace {

using QemuDriver = Workbench;

Json info(const fs::path &disk) {
    return Json::parse(run({"qemu-img", "info", "--output=json", disk.string()}));
}

// PATH without any tool, until the end of the scope.
class EmptyPath {
 public:
    EmptyPath() {
        if (const char *path = getenv("PATH")) before_ = path;
        setenv("PATH", "/nowhere", 1);
    }
    ~EmptyPath() { setenv("PATH", before_.c_str(), 1); }
    EmptyPath(const EmptyPath &) = delete;
    EmptyPath &operator=(const EmptyPath &) = delete;

 private:
    std::string before_;
};

TEST_F(QemuDriver, TellsVersionAndAccelerationWithTheReason) {
    const Json probe = driver().probe(call());
    EXPECT_EQ(probe["version"].get<std::string>().substr(0, 5), "QEMU ");
    ASSERT_EQ(probe["notes"].size(), 1U);
    const auto note = probe["notes"][0].get<std::string>();
    EXPECT_EQ(note.find("acceleration: "), 0U) << note;
    EXPECT_NE(note.find(", because "), std::string::npos) << note;
}

TEST_F(QemuDriver, FollowsTheUsersChoiceOfAcceleration) {
    setenv("DAVIT_QEMU_ACCEL", "tcg", 1);
    const auto note = driver().probe(call())["notes"][0].get<std::string>();
    EXPECT_NE(note.find("because DAVIT_QEMU_ACCEL asks for it"), std::string::npos) << note;
    setenv("DAVIT_QEMU_ACCEL", "warp", 1);
    EXPECT_EQ(failure([&] { driver().probe(call()); }), "driver-invalid");
}

TEST_F(QemuDriver, IsUnavailableWithoutQemuAndNamesThePackage) {
    const EmptyPath path;
    try {
        driver().probe(call());
        FAIL() << "QEMU out of nothing";
    } catch (const host::Error &error) {
        EXPECT_EQ(error.id(), "driver-unavailable");
        EXPECT_NE(error.hint().find("apt install qemu-system-"), std::string::npos) << error.hint();
    }
}

TEST_F(QemuDriver, MakesNothingWithoutQemuImg) {
    const fs::path folder = machine_folder("m");
    const Json spec = this->spec(image());
    const EmptyPath path;
    EXPECT_EQ(failure([&] { driver().create(folder, spec, call()); }), "driver-unavailable");
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(QemuDriver, StartsNothingWithoutQemu) {
    const auto machine = this->machine(machine_folder("m"), halting_guest());
    const EmptyPath path;
    EXPECT_EQ(failure([&] { machine->start(call()); }), "driver-unavailable");
    EXPECT_EQ(machine->inspect(call())["state"], "stopped");
}

TEST_F(QemuDriver, MakesADiskOverTheImageOfTheSizeAskedFor) {
    const fs::path folder = machine_folder("deep/m");
    driver().create(folder, spec(image()), call());
    const Json disk = info(folder / "disk.qcow2");
    EXPECT_EQ(disk["format"], "qcow2");
    EXPECT_EQ(disk["virtual-size"], 16777216);
    EXPECT_EQ(disk["backing-filename"], (home / "image.raw").string());
    EXPECT_EQ(disk["backing-filename-format"], "raw");
}

TEST_F(QemuDriver, NamesAnImageOfItsOwnInstanceByARelativePath) {
    const fs::path folder = machine_folder("m");
    driver().create(folder, spec(image()), call());
    EXPECT_EQ(info(folder / "disk.qcow2")["backing-filename"], "../image.raw");
}

TEST_F(QemuDriver, TakesTheImagesSizeWhereNoneIsAskedFor) {
    const fs::path folder = machine_folder("m");
    Json spec = this->spec(image());
    spec["disk"]["size"] = 0U;
    driver().create(folder, spec, call());
    EXPECT_EQ(info(folder / "disk.qcow2")["virtual-size"], 1048576);
}

TEST_F(QemuDriver, RefusesADiskSmallerThanItsImage) {
    const fs::path folder = machine_folder("m");
    Json spec = this->spec(image());
    spec["disk"]["size"] = 1048575U;
    EXPECT_EQ(failure([&] { driver().create(folder, spec, call()); }), "driver-invalid");
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(QemuDriver, RefusesAnImageThatIsNone) {
    const fs::path folder = machine_folder("m");
    EXPECT_EQ(failure([&] { driver().create(folder, spec(image(), "qcow2"), call()); }),
              "driver-invalid");
    EXPECT_EQ(failure([&] { driver().create(folder, spec("/nowhere/image"), call()); }),
              "driver-invalid");
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(QemuDriver, RefusesAnImageThatDrawsOnOtherFiles) {
    const fs::path folder = machine_folder("m");
    const fs::path base = image();
    const std::string over = home / "over.qcow2";
    run({"qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", over});
    EXPECT_EQ(failure([&] { driver().create(folder, spec(over, "qcow2"), call()); }),
              "driver-invalid");
    const std::string apart = home / "apart.qcow2";
    run({"qemu-img", "create", "-q", "-f", "qcow2", "-o", "data_file=" + (home / "data").string(),
         apart, "1M"});
    EXPECT_EQ(failure([&] { driver().create(folder, spec(apart, "qcow2"), call()); }),
              "driver-invalid");
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(QemuDriver, TouchesNothingInAFolderThatIsNotEmpty) {
    const fs::path folder = machine_folder("m");
    std::ofstream(folder / "disk.qcow2") << "precious";
    EXPECT_EQ(failure([&] { driver().create(folder, spec(image()), call()); }), "driver-invalid");
    EXPECT_EQ(fs::file_size(folder / "disk.qcow2"), 8U);
}

TEST_F(QemuDriver, LeavesNothingWhenTheUserGivesUp) {
    const fs::path folder = machine_folder("m");
    const Json spec = this->spec(image());
    progress.on_step = [&](const std::string &) { cancel.request(); };
    EXPECT_EQ(failure([&] { driver().create(folder, spec, call()); }), "interrupted");
    EXPECT_TRUE(fs::is_empty(folder));
}

TEST_F(QemuDriver, OpensNothingWhereNothingWasMade) {
    EXPECT_EQ(failure([&] { driver().open(machine_folder("m"), call()); }), "driver-not-found");
    EXPECT_EQ(failure([&] { driver().open("/nowhere", call()); }), "driver-not-found");
}

TEST_F(QemuDriver, SaysThatTheDiskIsFullAndLeavesNothing) {
    const fs::path folder = machine_folder("m");
    const Json spec = this->spec(image());
    enum { as_it_should, wrong_error, not_empty };
    const auto result = on_small_disk(folder, "16k", [&] {
        const auto error = failure([&] { driver().create(folder, spec, call()); });
        if (error != "disk-full") return wrong_error;
        return fs::is_empty(folder) ? as_it_should : not_empty;
    });
    if (!result) GTEST_SKIP() << "this user can mount nothing";
    EXPECT_EQ(*result, as_it_should);
}

}  // namespace
}  // namespace davit::qemu::test
