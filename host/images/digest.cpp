// SPDX-License-Identifier: Apache-2.0
// Hashing files and folders.
#include "images/digest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/module.hpp"

namespace davit::host {
namespace {

constexpr std::size_t block = std::size_t{1} << 20;

// Calls `add` with each block of the file.
template <typename Add>
void read_blocks(const fs::path &file, const Add &add) {
    const Fd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd.open()) throw system_error(errno, "read \"" + file.string() + "\"");
    std::vector<char> buffer(block);
    while (true) {
        const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw system_error(errno, "read \"" + file.string() + "\"");
        if (got == 0) return;
        add(std::string_view{buffer.data(), static_cast<std::size_t>(got)});
    }
}

}  // namespace

std::unique_ptr<Digest> sha256() {
    using Entry = ImagesModule *();
    return reinterpret_cast<Entry *>(module_entry("images", "davit_images_module"))()->sha256();
}

std::string sha256_of_file(const fs::path &file, Progress &progress, const Cancel &cancel) {
    const auto digest = sha256();
    const std::uint64_t total = fs::file_size(file);
    std::uint64_t done = 0;
    read_blocks(file, [&](std::string_view bytes) {
        cancel.check();
        progress.step("verifying the image", done, total);
        digest->add(bytes);
        done += bytes.size();
    });
    return digest->hex();
}

std::string sha256_of_tree(const fs::path &folder, const Cancel &cancel) {
    std::vector<fs::path> files;
    for (const auto &entry : fs::recursive_directory_iterator{folder}) {
        if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(folder));
    }
    std::sort(files.begin(), files.end());
    const auto digest = sha256();
    for (const auto &file : files) {
        const bool program = ::access((folder / file).c_str(), X_OK) == 0;
        // The length before the bytes: no two trees give the same text.
        digest->add(file.string() + '\0' + (program ? 'x' : '-') +
                    std::to_string(fs::file_size(folder / file)) + '\0');
        read_blocks(folder / file, [&](std::string_view bytes) {
            cancel.check();
            digest->add(bytes);
        });
    }
    return digest->hex();
}

}  // namespace davit::host
