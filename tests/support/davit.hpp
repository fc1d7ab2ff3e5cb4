// SPDX-License-Identifier: Apache-2.0
// Running the program davit in a home of its own, as a user would.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/process.hpp"
#include "support/temporary_folder.hpp"

namespace davit::test {

struct Outcome {
    int status = 0;
    std::string output;
    std::string errors;

    host::Json json() const {
        return host::json_in(output, "the answer", {std::size_t{8} << 20, 32});
    }
};

// A home, and the words that stand before every command in it.
class Davit {
 public:
    explicit Davit(std::vector<std::string> global = {});
    // Deletes every instance, so that no machine outlives a failed test.
    ~Davit();
    Davit(const Davit &) = delete;
    Davit &operator=(const Davit &) = delete;

    Outcome run(const std::vector<std::string> &words, const std::string &input = {}) const;
    // Starts a command without waiting for it; its output goes to <home>/../log.
    host::ProcessIdentity start(const std::vector<std::string> &words) const;

    const std::filesystem::path &home() const { return home_; }
    const std::filesystem::path &folder() const { return folder_.path(); }
    std::map<std::string, std::string> environment;  // added to davit's own

    static std::filesystem::path program();

 private:
    host::Program line(const std::vector<std::string> &words, const std::string &input) const;

    TemporaryFolder folder_;
    std::filesystem::path home_;
    std::vector<std::string> global_;
};

// How long a test waits for anything: these machines may be slow, and no test assumes a speed.
inline constexpr std::chrono::minutes patience{15};

}  // namespace davit::test
