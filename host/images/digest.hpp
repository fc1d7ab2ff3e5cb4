// SPDX-License-Identifier: Apache-2.0
// SHA-256, from the module "images", so that listing images maps no cryptographic library.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/wait.hpp"
#include "output/progress.hpp"

namespace davit::host {

class Digest {
 public:
    virtual ~Digest() = default;
    virtual void add(std::string_view bytes) = 0;
    // 64 hexadecimal digits. Call it once, last.
    virtual std::string hex() = 0;
};

// What the module's entry "davit_images_module" returns; never deleted.
class ImagesModule {
 public:
    virtual ~ImagesModule() = default;
    virtual std::unique_ptr<Digest> sha256() = 0;
};

std::unique_ptr<Digest> sha256();
std::string sha256_of_file(const std::filesystem::path &file, Progress &progress,
                           const Cancel &cancel);
// Of every file below a folder: names, executable bits and bytes.
std::string sha256_of_tree(const std::filesystem::path &folder, const Cancel &cancel);

}  // namespace davit::host
