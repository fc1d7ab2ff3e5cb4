// SPDX-License-Identifier: Apache-2.0
// Files that survive a crash: whole reads, atomic durable writes, locks that die with their owner.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/wait.hpp"

namespace davit::host {

namespace fs = std::filesystem;

// An open file descriptor, closed with its owner.
class Fd {
 public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd &&other) noexcept : fd_(other.release()) {}
    Fd &operator=(Fd &&other) noexcept;
    ~Fd() { reset(); }

    int get() const { return fd_; }
    bool open() const { return fd_ >= 0; }
    int release();
    void reset(int fd = -1);

 private:
    int fd_ = -1;
};

// Reads a whole file of at most `cap` bytes. nullopt: it does not exist. Anything else that goes
// wrong is an Error, "file-too-large" included: unreadable is never the same as absent.
std::optional<std::string> read_file(const fs::path &path, std::size_t cap);

// Replaces a file so that after a crash it holds either the old or the new bytes: a temporary file
// beside it, fsync, rename, fsync of the folder. Mode 0600.
void write_file(const fs::path &path, std::string_view bytes);

// Makes a folder of mode 0700 and its missing parents. An existing one of another owner, or open to
// others, is Error "unsafe-folder".
void make_private_folder(const fs::path &path);

// Makes what a rename or unlink in `folder` did durable.
void sync_folder(const fs::path &folder);

// Deletes a tree. Absent: nothing. Never follows links, never leaves the tree's file system.
void remove_tree(const fs::path &path);

// A lock that processes of one computer agree on; the kernel drops it when its owner dies. The file
// is made if need be and stays. Not inherited by programs that the owner starts.
class FileLock {
 public:
    // Waits for the lock. Error "busy" at the deadline.
    static FileLock acquire(const fs::path &file, Deadline deadline, const Cancel &cancel);
    // nullopt: somebody else holds it.
    static std::optional<FileLock> try_acquire(const fs::path &file);

 private:
    explicit FileLock(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

}  // namespace davit::host
