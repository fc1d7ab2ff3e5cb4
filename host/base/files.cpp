// SPDX-License-Identifier: Apache-2.0
// Durable files over POSIX: open(2), fsync(2), rename(2), flock(2).
#include "base/files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "base/error.hpp"

namespace davit::host {
namespace {

std::string quoted(const fs::path &path) {
    return "\"" + path.string() + "\"";
}

void write_all(int fd, std::string_view bytes, const fs::path &path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            throw system_error(errno, "write " + quoted(path));
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

// A name beside `path` that nobody else has, removed unless it was kept.
class TemporaryFile {
 public:
    explicit TemporaryFile(const fs::path &path) : name_(path.string() + ".XXXXXX") {
        fd_.reset(::mkostemp(name_.data(), O_CLOEXEC));
        if (!fd_.open()) throw system_error(errno, "write " + quoted(path));
    }
    ~TemporaryFile() {
        if (!kept_) ::unlink(name_.c_str());
    }
    TemporaryFile(const TemporaryFile &) = delete;
    TemporaryFile &operator=(const TemporaryFile &) = delete;

    int fd() const { return fd_.get(); }
    void rename_to(const fs::path &path) {
        if (::rename(name_.c_str(), path.c_str()) != 0) {
            throw system_error(errno, "replace " + quoted(path));
        }
        kept_ = true;
    }

 private:
    std::string name_;
    Fd fd_;
    bool kept_ = false;
};

// The lock file, unless it was unlinked or replaced after it was opened.
bool still_named(int fd, const fs::path &file) {
    struct stat open_file {};
    struct stat named_file {};
    return ::fstat(fd, &open_file) == 0 && ::stat(file.c_str(), &named_file) == 0 &&
           open_file.st_ino == named_file.st_ino && open_file.st_dev == named_file.st_dev;
}

Fd open_lock(const fs::path &file) {
    Fd fd{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!fd.open()) throw system_error(errno, "open the lock " + quoted(file));
    return fd;
}

struct CloseDir {
    void operator()(DIR *dir) const { ::closedir(dir); }
};

// Deletes what the folder `name` below the descriptor `parent` holds, and the folder.
void remove_folder_at(int parent, const char *name, dev_t device, const fs::path &shown) {
    Fd fd{::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    if (!fd.open()) throw system_error(errno, "open " + quoted(shown));
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) throw system_error(errno, "inspect " + quoted(shown));
    if (status.st_dev != device) {
        throw Error{"mounted-below",
                    quoted(shown) + " is on another file system and was not deleted",
                    "unmount it, and run the command again"};
    }
    if ((status.st_mode & 0700) != 0700) ::fchmod(fd.get(), 0700);
    const int folder = fd.get();
    const std::unique_ptr<DIR, CloseDir> dir{::fdopendir(fd.release())};
    if (!dir) throw system_error(errno, "read " + quoted(shown));
    while (true) {
        errno = 0;
        const dirent *entry = ::readdir(dir.get());
        if (!entry) {
            if (errno != 0) throw system_error(errno, "read " + quoted(shown));
            break;
        }
        const std::string_view child{entry->d_name};
        if (child == "." || child == "..") continue;
        if (::unlinkat(folder, entry->d_name, 0) == 0 || errno == ENOENT) continue;
        if (errno != EISDIR && errno != EPERM) {
            throw system_error(errno, "delete " + quoted(shown / child));
        }
        remove_folder_at(folder, entry->d_name, device, shown / child);
    }
    if (::unlinkat(parent, name, AT_REMOVEDIR) != 0 && errno != ENOENT) {
        throw system_error(errno, "delete " + quoted(shown));
    }
}

}  // namespace

Fd &Fd::operator=(Fd &&other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
}

int Fd::release() {
    return std::exchange(fd_, -1);
}

void Fd::reset(int fd) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
}

std::optional<std::string> read_file(const fs::path &path, std::size_t cap) {
    Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd.open()) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        throw system_error(errno, "read " + quoted(path));
    }
    std::string bytes;
    std::array<char, 16384> buffer;  // not cleared: most files are records of a few hundred bytes
    while (true) {
        const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
        if (got < 0) {
            if (errno == EINTR) continue;
            throw system_error(errno, "read " + quoted(path));
        }
        if (got == 0) return bytes;
        bytes.append(buffer.data(), static_cast<std::size_t>(got));
        if (bytes.size() > cap) {
            throw Error{"file-too-large",
                        quoted(path) + " is larger than " + std::to_string(cap) + " bytes"};
        }
    }
}

void write_file(const fs::path &path, std::string_view bytes) {
    TemporaryFile temporary{path};
    write_all(temporary.fd(), bytes, path);
    if (::fsync(temporary.fd()) != 0) throw system_error(errno, "write " + quoted(path));
    temporary.rename_to(path);
    sync_folder(path.parent_path());
}

void make_private_folder(const fs::path &path) {
    if (path.has_parent_path() && path.parent_path() != path) {
        std::error_code failed;
        fs::create_directories(path.parent_path(), failed);
        if (failed) throw system_error(failed.value(), "make " + quoted(path.parent_path()));
    }
    if (::mkdir(path.c_str(), 0700) == 0) {
        sync_folder(path.parent_path());
        return;
    }
    if (errno != EEXIST) throw system_error(errno, "make " + quoted(path));
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw system_error(errno, "inspect " + quoted(path));
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 0077) != 0) {
        throw Error{
            "unsafe-folder",
            quoted(path) + " must be a folder of your own that nobody else can enter",
            "check it, then: chown \"$USER\" " + path.string() + "; chmod 700 " + path.string()};
    }
}

void sync_folder(const fs::path &folder) {
    const fs::path opened = folder.empty() ? fs::path{"."} : folder;
    Fd fd{::open(opened.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd.open() || ::fsync(fd.get()) != 0) throw system_error(errno, "sync " + quoted(opened));
}

void remove_tree(const fs::path &path) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) {
        if (errno == ENOENT) return;
        throw system_error(errno, "inspect " + quoted(path));
    }
    if (!S_ISDIR(status.st_mode)) {
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
            throw system_error(errno, "delete " + quoted(path));
        }
    } else {
        remove_folder_at(AT_FDCWD, path.c_str(), status.st_dev, path);
    }
    sync_folder(path.parent_path());
}

std::optional<FileLock> FileLock::try_acquire(const fs::path &file) {
    while (true) {
        Fd fd = open_lock(file);
        if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK) return std::nullopt;
            if (errno == EINTR) continue;
            throw system_error(errno, "lock " + quoted(file));
        }
        if (still_named(fd.get(), file)) return FileLock{std::move(fd)};
    }
}

FileLock FileLock::acquire(const fs::path &file, Deadline deadline, const Cancel &cancel) {
    // flock(2) has no deadline, and a blocked one would not see Ctrl-C: ask again now and then.
    constexpr Milliseconds between{20};
    while (true) {
        if (auto lock = try_acquire(file)) return std::move(*lock);
        if (deadline.expired()) {
            throw Error{"busy", "another davit command holds " + quoted(file),
                        "wait for it to end, and run the command again"};
        }
        wait_for(-1, 0, deadline.earlier(Deadline::after(between)), cancel);
    }
}

}  // namespace davit::host
