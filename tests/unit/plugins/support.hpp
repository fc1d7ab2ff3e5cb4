// SPDX-License-Identifier: Apache-2.0
// What tests of plugins share: a folder of their own, a silent host, and the test plugins' place.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "plugins/driver.hpp"
#include "support/temporary_folder.hpp"

namespace davit::host {

// build/tests/plugins
inline fs::path test_plugins() {
    return DAVIT_TEST_PLUGINS;
}

// A folder that lasts as long as this object.
class TemporaryFolder : public test::TemporaryFolder {
 public:
    fs::path operator/(const std::string &name) const { return path() / name; }
};

// An environment variable, put back at the end.
class Environment {
 public:
    Environment(const char *name, const std::string &value) : name_(name) {
        if (const char *before = ::getenv(name)) before_ = before;
        ::setenv(name, value.c_str(), 1);
    }
    ~Environment() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
    Environment(const Environment &) = delete;
    Environment &operator=(const Environment &) = delete;

 private:
    const char *name_;
    std::optional<std::string> before_;
};

class RecordingProgress : public Progress {
 public:
    void step(const std::string &phase, std::uint64_t, std::uint64_t) override {
        steps.push_back(phase);
        if (on_step) on_step();
    }
    void note(const std::string &) override {}
    void done() override {}

    std::vector<std::string> steps;
    std::function<void()> on_step;
};

// A user who waits for a minute at most.
struct Caller {
    Cancel cancel;
    RecordingProgress progress;
    CallOptions options(Milliseconds patience = std::chrono::minutes{1}) {
        return {Deadline::after(patience), cancel, progress};
    }
};

inline void write_text(const fs::path &file, const std::string &text) {
    std::ofstream{file, std::ios::binary} << text;
}

// The Error that `body` throws; a test that expects one fails if there is none.
template <typename Body>
Error error_of(const Body &body) {
    try {
        body();
    } catch (const Error &error) {
        return error;
    }
    return {"none", "no error was thrown"};
}

}  // namespace davit::host
