// SPDX-License-Identifier: Apache-2.0
// What is not taken into the store, and that nothing is left of it there.
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/images/fixture.hpp"

namespace davit::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Refusal : public Images {
 protected:
    std::optional<host::Error> refuse(const fs::path &disk, const std::string &name = "mine") {
        auto error = error_of([&] { import(disk, name); });
        EXPECT_THAT(list(), IsEmpty());
        EXPECT_FALSE(store.has("mine"));
        EXPECT_THAT(unfinished(), IsEmpty());
        return error;
    }
};

TEST_F(Refusal, OfTexts) {
    EXPECT_THAT(refuse(file("a", "no disk\n")), FailsWith("not-an-image"));
}

TEST_F(Refusal, OfWholeSectorsWithoutABootSector) {
    EXPECT_THAT(refuse(file("a", std::string(4096, 'x'))), FailsWith("not-an-image"));
}

TEST_F(Refusal, OfEmptyFiles) {
    EXPECT_THAT(refuse(file("a", "")), FailsWith("not-an-image"));
}

TEST_F(Refusal, OfFolders) {
    EXPECT_THAT(refuse(folder.path()), FailsWith("not-a-file"));
}

TEST_F(Refusal, OfPipesWithoutWaitingForTheirWriter) {
    const fs::path pipe = folder.path() / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_THAT(refuse(pipe), FailsWith("not-a-file"));
}

TEST_F(Refusal, OfFilesThatAreNotThere) {
    EXPECT_THAT(refuse(folder.path() / "nothing"), FailsWith("image-not-found"));
}

TEST_F(Refusal, OfCompressedImagesSaysHowToDecompress) {
    const auto error = refuse(file("a.img.xz", std::string{"\xfd"
                                                           "7zXZ\0",
                                                           6} +
                                                   "..."));
    ASSERT_THAT(error, FailsWith("not-an-image"));
    EXPECT_THAT(error->hint(), HasSubstr("unxz"));
}

TEST_F(Refusal, OfBackingFiles) {
    const auto base = made_disk("base.qcow2", {"-f", "qcow2"});
    const auto top = made_disk("top.qcow2", {"-f", "qcow2", "-F", "qcow2", "-b", base.string()});
    const auto error = refuse(top);
    ASSERT_THAT(error, FailsWith("image-refers-elsewhere"));
    EXPECT_THAT(error->message(), HasSubstr(base.string()));
}

TEST_F(Refusal, OfBackingFilesThatAreNotThere) {
    const auto top =
        made_disk("top.qcow2", {"-f", "qcow2", "-u", "-F", "raw", "-b", "/etc/shadow"});
    EXPECT_THAT(refuse(top), FailsWith("image-refers-elsewhere"));
}

TEST_F(Refusal, OfExternalDataFiles) {
    const auto top = made_disk(
        "top.qcow2", {"-f", "qcow2", "-o", "data_file=" + (folder.path() / "data").string()});
    EXPECT_THAT(refuse(top), FailsWith("image-refers-elsewhere"));
}

TEST_F(Refusal, OfOtherFormats) {
    EXPECT_THAT(refuse(made_disk("a.vdi", {"-f", "vdi"})), FailsWith("image-format"));
    EXPECT_THAT(refuse(made_disk("a.vmdk", {"-f", "vmdk"})), FailsWith("image-format"));
}

TEST_F(Refusal, OfTruncatedImages) {
    const auto disk = made_disk("a.qcow2", {"-f", "qcow2", "-o", "preallocation=full"}, "4M");
    fs::resize_file(disk, fs::file_size(disk) / 2);
    EXPECT_THAT(refuse(disk), FailsWith("image-corrupt"));
}

TEST_F(Refusal, OfHeadersWithoutABody) {
    const auto disk = made_disk("a.qcow2", {"-f", "qcow2"});
    fs::resize_file(disk, 60);
    EXPECT_THAT(refuse(disk), FailsWith("not-an-image"));
}

TEST_F(Refusal, OfAbsurdSizes) {
    EXPECT_THAT(refuse(made_disk("a.qcow2", {"-f", "qcow2"}, "17T")), FailsWith("image-too-large"));
    EXPECT_THAT(refuse(made_disk("b.qcow2", {"-f", "qcow2"}, "0")), FailsWith("not-an-image"));
}

TEST_F(Refusal, OfNamesThatAreNone) {
    for (const std::string name : {"../up", "a/b", "-x", ".hidden", "a b", "ä", "\n"}) {
        EXPECT_THAT(refuse(raw_disk("a.img"), name), FailsWith("image-name")) << name;
    }
    EXPECT_THAT(refuse(raw_disk("a.img"), std::string(65, 'a')), FailsWith("image-name"));
}

TEST_F(Refusal, OfKernelsThatAreNotThereLeavesNothing) {
    host::ImageFacts facts;
    facts.kernel = folder.path() / "nothing";
    facts.initrd = folder.path() / "nothing";
    EXPECT_THAT(error_of([&] { import(raw_disk("a.img"), "mine", facts); }),
                FailsWith("image-not-found"));
    EXPECT_THAT(list(), IsEmpty());
    EXPECT_THAT(unfinished(), IsEmpty());
}

TEST_F(Refusal, WithoutTheToolSaysWhatToInstall) {
    const auto disk = raw_disk("a.img");
    const fs::path empty = folder.path() / "bin";
    fs::create_directory(empty);
    for (const char *name : {"sh", "head"})
        fs::create_symlink(fs::path{"/bin"} / name, empty / name);
    const char *path = std::getenv("PATH");
    const std::string before = path ? path : "";
    ::setenv("PATH", empty.c_str(), 1);
    const auto error = refuse(disk);
    ::setenv("PATH", before.c_str(), 1);
    ASSERT_THAT(error, FailsWith("program-missing"));
    EXPECT_EQ(error->code(), host::ExitCode::unavailable);
    EXPECT_THAT(error->message(), HasSubstr("package"));
}

TEST_F(Refusal, OfAStoreThatOthersCanEnter) {
    fs::create_directory(store.folder());
    fs::permissions(store.folder(), fs::perms::all);
    EXPECT_THAT(error_of([&] { import(raw_disk("a.img")); }), FailsWith("unsafe-folder"));
}

TEST_F(Refusal, CtrlCAtAnyStepLeavesNothing) {
    for (const std::string phase : {"copying the image", "verifying the image"}) {
        RecordedProgress giving_up;
        giving_up.give_up_at = phase;
        EXPECT_THAT(error_of([&] {
                        store.import(raw_disk("a.img"), "mine", {}, giving_up, giving_up.cancel);
                    }),
                    FailsWith("interrupted"))
            << phase;
        EXPECT_THAT(list(), IsEmpty());
        EXPECT_THAT(unfinished(), IsEmpty());
    }
}

// Imports in a mount namespace where the store is on a full disk of 256 KiB. The child's status: 0
// as wanted, 1 not, 2 no such namespace.
int import_on_a_full_disk(host::ImageStore &store, const fs::path &disk) {
    const uid_t uid = ::geteuid();
    if (::unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) return 2;
    if (uid != 0) std::ofstream{"/proc/self/uid_map"} << "0 " << uid << " 1";
    fs::create_directory(store.folder());
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", store.folder().c_str(), "tmpfs", 0, "size=256k,mode=700") != 0) {
        return 2;
    }
    RecordedProgress progress;
    const auto error = error_of([&] { store.import(disk, "mine", {}, progress, progress.cancel); });
    std::vector<std::string> warnings;
    const bool clean = store.list(warnings).empty() && fs::is_empty(store.folder() / "incoming");
    return error && error->id() == "disk-full" && clean ? 0 : 1;
}

TEST_F(Refusal, OnAFullDiskLeavesNothing) {
    const auto disk = raw_disk("a.img", std::string(std::size_t{512} << 10, 'x'));
    const pid_t child = ::fork();
    if (child == 0) ::_exit(import_on_a_full_disk(store, disk));
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "no mount namespace can be made here";
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace davit::test
