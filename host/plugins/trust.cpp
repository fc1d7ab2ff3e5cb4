// SPDX-License-Identifier: Apache-2.0
// Owners and modes, from the file up to the root.
#include "plugins/trust.hpp"

#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/error.hpp"

namespace davit::host {
namespace {

namespace fs = std::filesystem;

struct stat inspect(const fs::path &path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw system_error(errno, "inspect " + path.string());
    return status;
}

// With elevated rights the effective user is the one to protect, and the only one to believe.
bool believable(uid_t owner) {
    return owner == 0 || owner == ::geteuid();
}

void require_believable_owner(const fs::path &path, const struct stat &status) {
    if (believable(status.st_uid)) return;
    throw Error{"plugin-unsafe-owner",
                path.string() + " belongs to user " + std::to_string(status.st_uid) +
                    ", who could make it do anything in your name",
                "if you trust it: chown -R \"$(id -un)\" " + path.string()};
}

void require_safe(const fs::path &path, const struct stat &status) {
    require_believable_owner(path, status);
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return;
    throw Error{"plugin-unsafe-mode", path.string() + " can be written by other users",
                "if you trust what it holds now: chmod go-w " + path.string()};
}

void require_safe_parents(const fs::path &path) {
    for (fs::path parent = path.parent_path();; parent = parent.parent_path()) {
        const struct stat status = inspect(parent);
        const bool open_to_all = (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0;
        if (!believable(status.st_uid) || open_to_all) {
            throw Error{"plugin-unsafe-parent",
                        path.string() + " could be replaced by other users, since they can write " +
                            parent.string(),
                        "put the plugin into a folder that only you or root can change"};
        }
        if (parent == parent.root_path()) return;
    }
}

fs::path resolved(const fs::path &path) {
    std::error_code failed;
    fs::path found = fs::canonical(path, failed);
    if (failed) throw system_error(failed.value(), "find " + path.string());
    return found;
}

}  // namespace

fs::path trusted_folder(const fs::path &folder) {
    fs::path path = resolved(folder);
    require_safe(path, inspect(path));
    require_safe_parents(path);
    return path;
}

fs::path trusted_file(const fs::path &file) {
    fs::path path = resolved(file);
    const struct stat status = inspect(path);
    if (!S_ISREG(status.st_mode)) {
        throw Error{"plugin-not-a-file", path.string() + " is not a regular file",
                    "install the plugin again"};
    }
    require_safe(path, status);
    require_safe_parents(path);
    return path;
}

bool elevated() {
    return ::getauxval(AT_SECURE) != 0 || ::geteuid() != ::getuid() || ::getegid() != ::getgid();
}

}  // namespace davit::host
