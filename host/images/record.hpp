// SPDX-License-Identifier: Apache-2.0
// image.json and the records of names: what the store writes, and how it is read back.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "images/store.hpp"

namespace davit::host {

// Whether `text` may be an image's name: letters, digits, ".", "_", "-", ":", at most 64, beginning
// with a letter or digit.
bool is_image_name(const std::string &text);
bool is_hash(const std::string &text);

// `folder` is by-hash/<hash>. nullopt: there is no such folder. Error "image-unreadable".
std::optional<Image> read_image(const std::filesystem::path &folder);
void write_image(const std::filesystem::path &folder, const Image &image);

// The hash that a name stands for. nullopt: no such name. Error "image-unreadable".
std::optional<std::string> read_name(const std::filesystem::path &file);
void write_name(const std::filesystem::path &file, const std::string &hash);

}  // namespace davit::host
