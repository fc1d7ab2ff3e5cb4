// SPDX-License-Identifier: Apache-2.0
// Reads and writes files by system calls, so that every fault keeps its errno.
#include "files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

namespace davit::support {

namespace {

void write_all(int fd, std::string_view bytes, const std::string &what) {
    while (!bytes.empty()) {
        const ssize_t written = write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw system_error(errno, what);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void sync_folder(const fs::path &folder, const std::string &what) {
    const Fd fd{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || fsync(fd.get()) != 0) throw system_error(errno, what);
}

}  // namespace

Fd &Fd::operator=(Fd &&other) noexcept {
    if (this != &other) {
        reset();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

void Fd::reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
}

Error system_error(int number, const std::string &what) {
    const std::string message = what + ": " + std::generic_category().message(number);
    if (number == ENOSPC || number == EDQUOT) {
        return Error(DAVIT_E_NO_SPACE, message, "free some space on that disk, then try again");
    }
    return Error(DAVIT_E_FAILED, message);
}

std::optional<std::string> read_file(const fs::path &path, std::size_t cap) {
    const std::string what = "cannot read " + path.string();
    const Fd fd{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd && errno == ENOENT) return std::nullopt;
    if (!fd) throw system_error(errno, what);
    std::string bytes;
    char block[4096];
    while (true) {
        const ssize_t got = read(fd.get(), block, sizeof block);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw system_error(errno, what);
        if (got == 0) return bytes;
        bytes.append(block, static_cast<std::size_t>(got));
        if (bytes.size() > cap) throw Error(DAVIT_E_FAILED, what + ": it is too large");
    }
}

void write_file(const fs::path &path, std::string_view bytes) {
    const std::string what = "cannot write " + path.string();
    fs::path temporary = path;
    temporary += ".new";
    try {
        const Fd fd{open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
        if (!fd) throw system_error(errno, what);
        write_all(fd.get(), bytes, what);
        if (fsync(fd.get()) != 0) throw system_error(errno, what);
        if (rename(temporary.c_str(), path.c_str()) != 0) throw system_error(errno, what);
    } catch (const Error &) {
        unlink(temporary.c_str());
        throw;
    }
    sync_folder(path.parent_path(), what);
}

std::string last_lines(const fs::path &path, std::size_t count) {
    constexpr off_t most = 16384;
    const Fd fd{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (!fd || fstat(fd.get(), &status) != 0) return {};
    std::string text(static_cast<std::size_t>(std::min(status.st_size, most)), '\0');
    const ssize_t got =
        pread(fd.get(), text.data(), text.size(), std::max<off_t>(0, status.st_size - most));
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));

    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string line = text.substr(at, end - at);
        if (line.find_first_not_of(" \t\r") != std::string::npos) lines.push_back(std::move(line));
        at = end + 1;
    }
    std::string tail;
    for (std::size_t i = lines.size() > count ? lines.size() - count : 0; i < lines.size(); ++i) {
        if (!tail.empty()) tail += '\n';
        tail += lines[i];
    }
    return tail;
}

void remove_file(const fs::path &path) {
    if (unlink(path.c_str()) != 0 && errno != ENOENT) {
        throw system_error(errno, "cannot delete " + path.string());
    }
}

}  // namespace davit::support
