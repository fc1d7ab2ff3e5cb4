// SPDX-License-Identifier: Apache-2.0
// Loading: every fault of a plugin has its own error, and what is only newer or foreign is none.
#include "plugins/loader.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "support.hpp"

namespace davit::host {
namespace {

using testing::HasSubstr;

fs::path hostile(const std::string &fault) {
    return test_plugins() / "hostile" / fault;
}

Driver &load(const fs::path &folder) {
    Caller caller;
    return load_driver(read_manifest(folder), caller.progress, caller.cancel);
}

struct Fault {
    const char *plugin;  // in build/tests/plugins/hostile
    const char *id;
    const char *message;  // a part of it
};

// So that a failing test says which.
void PrintTo(const Fault &fault, std::ostream *out) {
    *out << fault.plugin;
}

class Faults : public testing::TestWithParam<Fault> {};

TEST_P(Faults, AreRefusedByName) {
    const Error error = error_of([] { load(hostile(GetParam().plugin)); });
    EXPECT_EQ(error.id(), GetParam().id);
    EXPECT_THAT(error.message(), HasSubstr(GetParam().message));
    EXPECT_THAT(error.message(), HasSubstr(GetParam().plugin));
    EXPECT_FALSE(error.hint().empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, Faults,
    testing::Values(
        Fault{"dependency-missing", "plugin-load-failed", "cannot open shared object file"},
        Fault{"entry-missing", "plugin-entry-missing", "no symbol davit_plugin_v1"},
        Fault{"entry-elsewhere", "plugin-entry-elsewhere", "libdavit-hostile-dependency.so"},
        Fault{"entry-throws", "plugin-entry-threw", "threw"},
        Fault{"entry-null", "plugin-entry-null", "NULL"},
        Fault{"table-short", "plugin-table-size", "47 bytes long"},
        Fault{"table-long", "plugin-table-size", "65537 bytes long"},
        Fault{"sdk-major", "plugin-sdk-major", "built with SDK 2"},
        Fault{"manifest-null", "plugin-table-null", "\"manifest\""},
        Fault{"start-null", "plugin-table-null", "\"start\""},
        Fault{"stop-null", "plugin-table-null", "\"stop\""},
        Fault{"get-null", "plugin-table-null", "\"get\""},
        Fault{"manifest-differs", "plugin-manifest-differs", "edited"},
        Fault{"get-throws", "plugin-get-threw", "davit.driver/1"},
        Fault{"capability-missing", "plugin-capability-missing", "davit.driver.snapshots/1"},
        Fault{"foreign-id-missing", "plugin-capability-missing", "com.example.gpu/1"},
        Fault{"capability-undeclared", "plugin-capability-undeclared", "davit.driver.suspend/1"},
        Fault{"capability-short", "plugin-capability-size", "davit.driver/1"},
        Fault{"capability-long", "plugin-capability-size", "davit.driver/1"},
        Fault{"capability-null", "plugin-capability-null", "function number 4"},
        Fault{"capability-null-last", "plugin-capability-null", "function number 8"},
        Fault{"start-fails", "plugin-start-failed", "the licence has expired"},
        Fault{"start-throws", "plugin-start-failed", "threw"}),
    [](const auto &tested) {
        std::string name = tested.param.plugin;
        std::replace(name.begin(), name.end(), '-', '_');
        return name;
    });

TEST(Loader, LoadsAFlawlessPlugin) {
    EXPECT_EQ(load(hostile("none")).manifest().name, "none");
}

TEST(Loader, LoadsAPluginOfANewerSdkWithLargerTables) {
    EXPECT_EQ(load(hostile("newer")).manifest().name, "newer");
}

TEST(Loader, LoadsAPluginWithACapabilityThatItDoesNotKnow) {
    EXPECT_TRUE(load(hostile("foreign-id")).manifest().provides_id("com.example.gpu/1"));
}

TEST(Loader, PassesOnTheHintAndTheExitCodeOfAFailedStart) {
    const Error error = error_of([] { load(hostile("start-fails")); });
    EXPECT_EQ(error.hint(), "buy another");
    EXPECT_EQ(error.code(), ExitCode::unavailable);
}

TEST(Loader, TurnsAnExceptionThatCrossesTheBorderIntoAnError) {
    Caller caller;
    Driver &driver = load(hostile("create-throws"));
    const Error error = error_of([&] { driver.create("/", Json::object(), caller.options()); });
    EXPECT_EQ(error.id(), "driver-failed");
    EXPECT_THAT(error.message(), HasSubstr("the driver create-throws is broken"));
}

TEST(Loader, RefusesAnOpenThatSucceedsWithoutAMachine) {
    Caller caller;
    Driver &driver = load(hostile("open-null"));
    EXPECT_EQ(error_of([&] { driver.open("/", caller.options()); }).id(), "driver-failed");
}

// A copy of the flawless plugin, to be damaged.
class DamagedFiles : public testing::Test {
 protected:
    void SetUp() override {
        fs::copy(hostile("none"), folder_);
        fs::permissions(folder_, fs::perms{0755});
    }
    std::string id() {
        return error_of([&] { load(folder_); }).id();
    }
    Error error() {
        return error_of([&] { load(folder_); });
    }
    void patch(std::streamoff offset, char byte) {
        std::fstream file{library_, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(offset).put(byte);
    }

    TemporaryFolder parent_;
    fs::path folder_ = parent_ / "none";
    fs::path library_ = folder_ / "none.so";
};

TEST_F(DamagedFiles, UndamagedLoads) {
    EXPECT_EQ(id(), "none");
}
TEST_F(DamagedFiles, LibraryThatIsMissing) {
    fs::remove(library_);
    EXPECT_EQ(id(), "plugin-library-missing");
}
TEST_F(DamagedFiles, LibraryThatIsAFolder) {
    fs::remove(library_);
    fs::create_directory(library_);
    EXPECT_EQ(id(), "plugin-not-a-file");
}
TEST_F(DamagedFiles, LibraryThatIsALinkOutOfItsFolder) {
    fs::rename(library_, parent_ / "elsewhere.so");
    fs::create_symlink("../elsewhere.so", library_);
    EXPECT_EQ(id(), "plugin-library-outside");
}
TEST_F(DamagedFiles, LibraryThatIsALinkWithinItsFolderLoads) {
    fs::rename(library_, folder_ / "none.so.1");
    fs::create_symlink("none.so.1", library_);
    EXPECT_EQ(id(), "none");
}
TEST_F(DamagedFiles, LibraryThatTheGroupCanWrite) {
    fs::permissions(library_, fs::perms{0775});
    EXPECT_EQ(id(), "plugin-unsafe-mode");
}
TEST_F(DamagedFiles, LibraryThatEverybodyCanWrite) {
    fs::permissions(library_, fs::perms{0757});
    EXPECT_EQ(id(), "plugin-unsafe-mode");
}
TEST_F(DamagedFiles, ManifestThatEverybodyCanWrite) {
    fs::permissions(folder_ / "plugin.json", fs::perms{0646});
    EXPECT_EQ(id(), "plugin-unsafe-mode");
}
TEST_F(DamagedFiles, FolderThatEverybodyCanWrite) {
    fs::permissions(folder_, fs::perms{0777});
    EXPECT_EQ(id(), "plugin-unsafe-mode");
}
TEST_F(DamagedFiles, ParentThatEverybodyCanWrite) {
    fs::permissions(parent_.path(), fs::perms{0777});
    EXPECT_EQ(id(), "plugin-unsafe-parent");
}
TEST_F(DamagedFiles, StickyParentThatEverybodyCanWriteIsSafe) {
    fs::permissions(parent_.path(), fs::perms{01777});
    EXPECT_EQ(id(), "none");
}
TEST_F(DamagedFiles, FilesOfAnotherUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to another user";
    for (const fs::path &path : {library_, folder_ / "plugin.json", folder_, parent_.path()}) {
        ASSERT_EQ(::chown(path.c_str(), 4711, 4711), 0);
        EXPECT_EQ(id(), path == parent_.path() ? "plugin-unsafe-parent" : "plugin-unsafe-owner");
        ASSERT_EQ(::chown(path.c_str(), 0, 0), 0);
    }
}
TEST_F(DamagedFiles, ManifestThatWasEdited) {
    std::ofstream{folder_ / "plugin.json", std::ios::app} << "\n";
    EXPECT_EQ(id(), "plugin-manifest-differs");
}
TEST_F(DamagedFiles, LibraryThatIsEmpty) {
    write_text(library_, "");
    EXPECT_THAT(error().message(), HasSubstr("is empty"));
    EXPECT_EQ(id(), "plugin-not-a-library");
}
TEST_F(DamagedFiles, LibraryThatIsText) {
    write_text(library_, "#!/bin/sh\necho this is no library, however long it may be made here\n");
    EXPECT_EQ(id(), "plugin-not-a-library");
}
TEST_F(DamagedFiles, LibraryThatIsCutWithinItsHeader) {
    fs::resize_file(library_, 40);
    EXPECT_EQ(id(), "plugin-not-a-library");
}
TEST_F(DamagedFiles, LibraryThatIsCutBehindItsHeader) {
    for (const std::uintmax_t size : {64U, 100U, 512U, 4096U}) {
        fs::resize_file(library_, size);
        EXPECT_EQ(id(), "plugin-library-cut");
        fs::copy_file(hostile("none") / "none.so", library_, fs::copy_options::overwrite_existing);
    }
}
TEST_F(DamagedFiles, LibraryThatIsAProgramOfThisComputer) {
    patch(offsetof(Elf64_Ehdr, e_type), ET_EXEC);
    EXPECT_EQ(id(), "plugin-not-a-library");
}
TEST_F(DamagedFiles, LibraryForWindows) {
    write_text(library_, "MZ" + std::string(100, '\0'));
    EXPECT_THAT(error().message(), HasSubstr("for Windows"));
}
TEST_F(DamagedFiles, LibraryForMacOs) {
    write_text(library_, "\xCF\xFA\xED\xFE" + std::string(100, '\0'));
    EXPECT_THAT(error().message(), HasSubstr("for macOS"));
}
TEST_F(DamagedFiles, LibraryOfAnotherMachine) {
    patch(offsetof(Elf64_Ehdr, e_machine), static_cast<char>(EM_S390));
    EXPECT_EQ(id(), "plugin-wrong-architecture");
    EXPECT_THAT(error().message(), HasSubstr("s390"));
}
TEST_F(DamagedFiles, LibraryOf32Bits) {
    patch(EI_CLASS, ELFCLASS32);
    EXPECT_EQ(id(), "plugin-wrong-architecture");
    EXPECT_THAT(error().message(), HasSubstr("32-bit"));
}
TEST_F(DamagedFiles, LibraryOfTheOtherByteOrder) {
    patch(EI_DATA, ELFDATA2MSB);
    patch(offsetof(Elf64_Ehdr, e_type), 0);
    patch(offsetof(Elf64_Ehdr, e_type) + 1, ET_DYN);
    EXPECT_EQ(id(), "plugin-wrong-architecture");
}

}  // namespace
}  // namespace davit::host
