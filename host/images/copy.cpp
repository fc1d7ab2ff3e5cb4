// SPDX-License-Identifier: Apache-2.0
// ioctl_ficlone(2), else copy_file_range(2) from data to data (lseek(2), SEEK_DATA).
#include "images/copy.hpp"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"

namespace davit::host {
namespace {

constexpr off_t chunk = off_t{16} << 20;

struct Copying {
    int from;
    int to;
    const fs::path &source;
    const fs::path &target;

    [[noreturn]] void fail(int number) const {
        throw system_error(number,
                           "copy \"" + source.string() + "\" to \"" + target.string() + "\"");
    }
};

// Before half a gigabyte is written for nothing. An estimate: others use the disk too.
void check_room(const Copying &copying, const struct stat &status) {
    struct statvfs room {};
    if (::fstatvfs(copying.to, &room) != 0) copying.fail(errno);
    const auto needed = static_cast<std::uint64_t>(status.st_blocks) * 512;
    if (room.f_bavail * room.f_frsize < needed) copying.fail(ENOSPC);
}

// As read(2) and write(2) in one. Not every pair of file systems has copy_file_range(2).
ssize_t copy_some(const Copying &copying, off_t at, std::size_t size) {
    off_t to = at;
    off_t from = at;
    const ssize_t copied = ::copy_file_range(copying.from, &from, copying.to, &to, size, 0);
    if (copied >= 0 ||
        (errno != EXDEV && errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS)) {
        return copied;
    }
    std::vector<char> buffer(std::min(size, std::size_t{1} << 20));
    const ssize_t got = ::pread(copying.from, buffer.data(), buffer.size(), at);
    return got <= 0 ? got : ::pwrite(copying.to, buffer.data(), static_cast<std::size_t>(got), at);
}

// Copies [begin, end), which is data.
void copy_data(const Copying &copying, off_t begin, off_t end, off_t total, Progress &progress,
               const Cancel &cancel) {
    off_t at = begin;
    while (at < end) {
        cancel.check();
        progress.step("copying the image", static_cast<std::uint64_t>(at),
                      static_cast<std::uint64_t>(total));
        const ssize_t copied =
            copy_some(copying, at, static_cast<std::size_t>(std::min(chunk, end - at)));
        if (copied < 0 && errno != EINTR) copying.fail(errno);
        if (copied == 0) return;  // it became shorter meanwhile
        at += std::max<ssize_t>(copied, 0);
    }
}

void copy_with_holes(const Copying &copying, off_t size, Progress &progress, const Cancel &cancel) {
    off_t at = 0;
    while (at < size) {
        const off_t data = ::lseek(copying.from, at, SEEK_DATA);
        if (data < 0 && errno == ENXIO) break;  // only a hole is left
        if (data < 0) copying.fail(errno);
        const off_t hole = ::lseek(copying.from, data, SEEK_HOLE);
        if (hole < 0) copying.fail(errno);
        copy_data(copying, data, std::min(hole, size), size, progress, cancel);
        at = hole;
    }
}

}  // namespace

void copy_file(const fs::path &from, const fs::path &to, Progress &progress, const Cancel &cancel) {
    // Not blocked by a FIFO that nobody writes to.
    const Fd source{::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!source.open()) {
        if (errno != ENOENT) throw system_error(errno, "read \"" + from.string() + "\"");
        throw Error{"image-not-found", "there is no file \"" + from.string() + "\"",
                    "check the path"};
    }
    struct stat status {};
    if (::fstat(source.get(), &status) != 0) {
        throw system_error(errno, "inspect \"" + from.string() + "\"");
    }
    if (!S_ISREG(status.st_mode)) {
        throw Error{"not-a-file", "\"" + from.string() + "\" is not a regular file",
                    "name the file that holds the disk image"};
    }
    const Fd target{::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!target.open()) throw system_error(errno, "make \"" + to.string() + "\"");
    const Copying copying{source.get(), target.get(), from, to};
    if (::ioctl(target.get(), FICLONE, source.get()) != 0) {
        check_room(copying, status);
        copy_with_holes(copying, status.st_size, progress, cancel);
        if (::ftruncate(target.get(), status.st_size) != 0) copying.fail(errno);
    }
    if (::fsync(target.get()) != 0) copying.fail(errno);
}

}  // namespace davit::host
