// SPDX-License-Identifier: Apache-2.0
// Unfinished work in the store, and deleting what killed processes left of theirs.
#include "images/incoming.hpp"

#include <sys/random.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <set>

#include "base/error.hpp"
#include "base/process.hpp"

namespace davit::host {
namespace {

std::string random_name() {
    std::array<unsigned char, 8> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
        throw system_error(errno, "get random bytes");
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string name;
    for (const unsigned char byte : bytes) {
        name += digits[byte >> 4];
        name += digits[byte & 15];
    }
    return name;
}

fs::path lock_of(const fs::path &work) {
    return work.string() + ".lock";
}

// Deletes what belongs to nobody any more.
void sweep(const fs::path &folder) {
    std::set<fs::path> works;
    for (const auto &entry : fs::directory_iterator{folder}) {
        fs::path work = entry.path();
        if (work.extension() == ".lock") work.replace_extension();
        works.insert(work);
    }
    for (const auto &work : works) {
        if (const auto lock = FileLock::try_acquire(lock_of(work))) {
            remove_work(work);
            fs::remove(lock_of(work));
        }
    }
}

}  // namespace

struct Incoming::Claim {
    fs::path path;
    FileLock lock;
};

// The lock comes first: a folder without a locked lock is swept.
Incoming::Claim Incoming::claim(const fs::path &store) {
    const fs::path folder = store / "incoming";
    make_private_folder(store);
    make_private_folder(folder);
    sweep(folder);
    while (true) {
        const fs::path path = folder / random_name();
        if (auto lock = FileLock::try_acquire(lock_of(path))) return {path, std::move(*lock)};
    }
}

Incoming::Incoming(const fs::path &store) : Incoming(claim(store)) {}

Incoming::Incoming(Claim claim) : path_(std::move(claim.path)), lock_(std::move(claim.lock)) {
    make_private_folder(path_);
}

Incoming::~Incoming() {
    try {
        remove_work(path_);
        fs::remove(lock_of(path_));
    } catch (...) {
        // What could not be deleted now is swept by the next one.
        return;
    }
}

void remove_work(const fs::path &tree) {
    try {
        remove_tree(tree);
    } catch (const Error &) {
        // Packages that a recipe unpacked in a user namespace have owners which only such a
        // namespace can act for.
        const Cancel never;
        run_program({{"unshare", "--map-root-user", "--map-auto", "rm", "-rf", "--one-file-system",
                      tree.string()},
                     {},
                     {},
                     {}},
                    Deadline::after(std::chrono::minutes{5}), never);
        remove_tree(tree);
    }
}

}  // namespace davit::host
