// SPDX-License-Identifier: Apache-2.0
// Tests of durable files and locks.
#include "base/files.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "support/error_id.hpp"
#include "support/temporary_folder.hpp"

namespace davit::host {
namespace {

using test::error_id;

const Cancel nobody;

TEST(Files, ReadsBackWhatWasWritten) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "record";
    write_file(file, "first");
    write_file(file, "second");
    EXPECT_EQ(read_file(file, 100), "second");
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
    EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, {}), 1)
        << "no temporary file stays";
}

TEST(Files, TellAbsentFromUnreadable) {
    const test::TemporaryFolder folder;
    EXPECT_EQ(read_file(folder.path() / "absent", 100), std::nullopt);
    EXPECT_EQ(error_id([&] { read_file(folder.path(), 100); }), "system");
    write_file(folder.path() / "big", std::string(101, 'x'));
    EXPECT_EQ(error_id([&] { read_file(folder.path() / "big", 100); }), "file-too-large");
}

TEST(Files, KeepTheOldBytesWhenTheDiskIsFull) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "record";
    write_file(file, "old");
    // A child with a file size limit stands for a full disk: its write fails in the middle.
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{1000, 1000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        try {
            write_file(file, std::string(5000, 'n'));
        } catch (const Error &) {
            ::_exit(7);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 7);
    EXPECT_EQ(read_file(file, 100), "old");
    EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, {}), 1);
}

TEST(Files, MakeFoldersThatNobodyElseCanEnter) {
    const test::TemporaryFolder folder;
    make_private_folder(folder.path() / "a/b");
    struct stat status {};
    ASSERT_EQ(::stat((folder.path() / "a/b").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700U);
    make_private_folder(folder.path() / "a/b");
    ::chmod((folder.path() / "a/b").c_str(), 0755);
    EXPECT_EQ(error_id([&] { make_private_folder(folder.path() / "a/b"); }), "unsafe-folder");
}

TEST(Files, DeleteTreesWithoutFollowingLinks) {
    const test::TemporaryFolder folder;
    write_file(folder.path() / "kept", "kept");
    fs::create_directories(folder.path() / "tree/deep");
    write_file(folder.path() / "tree/deep/file", "x");
    fs::create_symlink(folder.path() / "kept", folder.path() / "tree/link");
    fs::create_directory_symlink(folder.path(), folder.path() / "tree/deep/up");
    remove_tree(folder.path() / "tree");
    EXPECT_FALSE(fs::exists(folder.path() / "tree"));
    EXPECT_EQ(read_file(folder.path() / "kept", 10), "kept");
    remove_tree(folder.path() / "tree");
}

TEST(Locks, AreHeldByOneAtATimeAndEndWithTheirOwner) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "lock";
    {
        const auto lock = FileLock::try_acquire(file);
        ASSERT_TRUE(lock);
        EXPECT_FALSE(FileLock::try_acquire(file));
        EXPECT_EQ(
            error_id([&] { FileLock::acquire(file, Deadline::after(Milliseconds{50}), nobody); }),
            "busy");
    }
    EXPECT_TRUE(FileLock::try_acquire(file));
}

TEST(Locks, OfAKilledProcessAreNoLocks) {
    const test::TemporaryFolder folder;
    const fs::path file = folder.path() / "lock";
    std::array<int, 2> ready{};
    ASSERT_EQ(::pipe(ready.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const auto lock = FileLock::try_acquire(file);
        [[maybe_unused]] const auto told = ::write(ready[1], "x", 1);
        ::pause();
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    EXPECT_FALSE(FileLock::try_acquire(file));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_TRUE(FileLock::try_acquire(file));
    ::close(ready[0]);
    ::close(ready[1]);
}

TEST(Locks, AreNotWaitedForOnceTheUserGaveUp) {
    const test::TemporaryFolder folder;
    const auto lock = FileLock::try_acquire(folder.path() / "lock");
    Cancel cancel;
    cancel.request();
    EXPECT_EQ(
        error_id([&] { FileLock::acquire(folder.path() / "lock", Deadline::never(), cancel); }),
        "interrupted");
}

}  // namespace
}  // namespace davit::host
