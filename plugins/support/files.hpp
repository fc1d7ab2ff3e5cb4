// SPDX-License-Identifier: Apache-2.0
// Files of a plugin that survive a crash: whole reads, atomic durable writes, ends of logs.
#pragma once

#include <cstddef>
#include <davit/cxx/plugin.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace davit::support {

namespace fs = std::filesystem;

// An open file descriptor, closed with its owner.
class Fd {
 public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd &operator=(Fd &&other) noexcept;
    ~Fd() { reset(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

 private:
    void reset();
    int fd_ = -1;
};

// The error of a failed system call: "<what>: <strerror>", DAVIT_E_NO_SPACE for a full disk.
Error system_error(int number, const std::string &what);

// Reads a whole file of at most `cap` bytes. nullopt: it does not exist; any other fault is thrown.
std::optional<std::string> read_file(const fs::path &path, std::size_t cap = std::size_t{1} << 20);

// Replaces a file so that after a crash it holds either the old or the new bytes. Mode 0600.
void write_file(const fs::path &path, std::string_view bytes);

// The last `count` lines of a text file, without those that are blank; empty if it cannot be read.
std::string last_lines(const fs::path &path, std::size_t count);

// Deletes a file. Absent: nothing.
void remove_file(const fs::path &path);

}  // namespace davit::support
