// SPDX-License-Identifier: Apache-2.0
// A store in a temporary folder, and small disks to put into it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/process.hpp"
#include "images/store.hpp"

namespace davit::test {

namespace fs = std::filesystem;

// Remembers every step, and can give up at one.
class RecordedProgress : public host::Progress {
 public:
    void step(const std::string &phase, std::uint64_t, std::uint64_t) override {
        phases.push_back(phase);
        if (phase == give_up_at) cancel.request();
    }
    void note(const std::string &line) override { notes.push_back(line); }
    void done() override {}

    std::vector<std::string> phases;
    std::vector<std::string> notes;
    std::string give_up_at;
    host::Cancel cancel;
};

class TemporaryFolder {
 public:
    TemporaryFolder() {
        std::string name = (fs::temp_directory_path() / "davit-images-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
        path_ = name;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;

    const fs::path &path() const { return path_; }

 private:
    fs::path path_;
};

class Images : public testing::Test {
 protected:
    fs::path file(const std::string &name, const std::string &bytes) const {
        fs::path path = folder.path() / name;
        std::ofstream{path, std::ios::binary} << bytes;
        return path;
    }

    // A raw disk with a boot sector; `content` makes it differ from others.
    fs::path raw_disk(const std::string &name, const std::string &content = "") const {
        std::string bytes(std::size_t{1} << 20, '\0');
        bytes[510] = '\x55';
        bytes[511] = '\xaa';
        bytes.replace(1024, content.size(), content);
        return file(name, bytes);
    }

    // What the disk tool's creator makes of these arguments.
    fs::path made_disk(const std::string &name, std::vector<std::string> options,
                       const std::string &size = "1M") const {
        fs::path path = folder.path() / name;
        std::vector<std::string> argv{"qemu-img", "create", "-q"};
        argv.insert(argv.end(), options.begin(), options.end());
        argv.insert(argv.end(), {path.string(), size});
        const auto result =
            host::run_program({argv, {}, folder.path(), {}},
                              host::Deadline::after(std::chrono::minutes{1}), progress.cancel);
        EXPECT_EQ(result.status, 0) << result.errors;
        return path;
    }

    host::Image import(const fs::path &disk, const std::string &name = "",
                       const host::ImageFacts &facts = {}) {
        return store.import(disk, name, facts, progress, progress.cancel);
    }

    std::vector<std::string> warnings() const {
        std::vector<std::string> found;
        store.list(found);
        return found;
    }

    std::vector<host::Image> list() const {
        std::vector<std::string> found;
        return store.list(found);
    }

    std::vector<fs::path> unfinished() const {
        std::vector<fs::path> found;
        std::error_code missing;
        for (const auto &entry : fs::directory_iterator{store.folder() / "incoming", missing}) {
            found.push_back(entry.path());
        }
        return found;
    }

    TemporaryFolder folder;
    RecordedProgress progress;
    host::ImageStore store{folder.path() / "store"};
};

// The error that `action` fails with; nullopt if it succeeds.
template <typename Action>
std::optional<host::Error> error_of(const Action &action) {
    try {
        action();
    } catch (const host::Error &error) {
        return error;
    }
    return std::nullopt;
}

MATCHER_P(FailsWith, id, "") {
    if (!arg) return false;
    *result_listener << arg->id() << ": " << arg->message();
    return arg->id() == id && !arg->message().empty();
}

}  // namespace davit::test
