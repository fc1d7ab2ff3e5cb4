// SPDX-License-Identifier: Apache-2.0
// The image cache: content-addressed, one for every scope.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/wait.hpp"
#include "output/progress.hpp"

namespace davit::host {

// An image in the store. The folder is <store>/by-hash/<hash>/: the disk, image.json, and where the
// image can be booted without firmware, its kernel and initrd.
struct Image {
    std::string hash;                // sha256 of the disk file, 64 hexadecimal digits
    std::string format;              // "qcow2" or "raw"
    std::uint64_t virtual_size = 0;  // bytes
    std::uint64_t file_size = 0;     // bytes
    std::string os;                  // "Debian"; empty if unknown
    std::string release;             // "12 (bookworm)"; empty if unknown
    std::string origin;              // where it came from: "built: debian", "file:///..."
    std::string created;             // RFC 3339, UTC
    std::filesystem::path disk;
    std::optional<std::filesystem::path> kernel;
    std::optional<std::filesystem::path> initrd;
    std::string cmdline;             // kernel command line, with kernel and initrd only
    std::vector<std::string> names;  // what a user calls it; several may name one image
};

// What import() is told about a disk besides its bytes.
struct ImageFacts {
    std::string os;
    std::string release;
    std::string origin;
    std::optional<std::filesystem::path> kernel;
    std::optional<std::filesystem::path> initrd;
    std::string cmdline;
};

class ImageStore {
 public:
    explicit ImageStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Sorted by name. An image whose image.json cannot be read is in `warnings`, not dropped.
    std::vector<Image> list(std::vector<std::string> &warnings) const;

    // By name, whole hash, or a unique prefix of at least 8 digits. nullopt: no such image.
    std::optional<Image> find(const std::string &reference) const;

    // Copies a disk into the store (reflink where the file system can), verifies that it is a disk
    // image, and names it if `name` is not empty; a name that another image has moves here.
    // Errors: "not-an-image", "disk-full", "image-backing-file" (it would refer to other files).
    Image import(const std::filesystem::path &disk, const std::string &name,
                 const ImageFacts &facts, Progress &progress, const Cancel &cancel);

    // Takes a name away; the content goes with its last name. Instances keep what they were made
    // of.
    void remove(const std::string &reference);

 private:
    std::filesystem::path folder_;
};

}  // namespace davit::host
