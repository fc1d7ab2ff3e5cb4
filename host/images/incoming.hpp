// SPDX-License-Identifier: Apache-2.0
// A folder in the store for what is not finished yet, which goes with the process that made it.
#pragma once

#include <filesystem>

#include "base/files.hpp"

namespace davit::host {

// <store>/incoming/<random>/, private, empty. The destructor deletes it; if its process is killed,
// the next one to come deletes it. A file <random>.lock beside it says that its owner lives.
class Incoming {
 public:
    explicit Incoming(const fs::path &store);
    ~Incoming();
    Incoming(const Incoming &) = delete;
    Incoming &operator=(const Incoming &) = delete;

    const fs::path &path() const { return path_; }

 private:
    struct Claim;
    explicit Incoming(Claim claim);
    static Claim claim(const fs::path &store);

    fs::path path_;
    FileLock lock_;
};

// Deletes a tree, even if a recipe filled it with files of other owners in a user namespace.
void remove_work(const fs::path &tree);

}  // namespace davit::host
