// SPDX-License-Identifier: Apache-2.0
// A folder that lasts as long as a test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace davit::test {

class TemporaryFolder {
 public:
    TemporaryFolder() {
        std::string name = std::filesystem::temp_directory_path() / "davit-test-XXXXXX";
        if (!::mkdtemp(name.data())) throw std::runtime_error{"cannot make a temporary folder"};
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;

    const std::filesystem::path &path() const { return path_; }

 private:
    std::filesystem::path path_;
};

}  // namespace davit::test
