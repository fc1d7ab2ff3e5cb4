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
// image can be booted without firmware, its kernel and initrd. None of them is ever changed.
struct Image {
    std::string hash;                // sha256 of the disk file, 64 hexadecimal digits
    std::string format;              // "qcow2" or "raw"
    std::uint64_t virtual_size = 0;  // bytes
    std::uint64_t file_size = 0;     // bytes
    std::string os;                  // "Debian"; empty if unknown
    std::string release;             // "12 (bookworm)"; empty if unknown
    std::string origin;              // where it came from: "built: debian", "file:///..."
    std::string key;                 // what tells that the origin is unchanged; see ImageFacts
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
    std::string key;  // as long as the same origin has the same key, its image can be used again
    std::optional<std::filesystem::path> kernel;
    std::optional<std::filesystem::path> initrd;
    std::string cmdline;
};

// Whether import() may take the files themselves instead of copies of them.
enum class Take { copy, move };

// Any number of processes may use one store at a time.
class ImageStore {
 public:
    explicit ImageStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    const std::filesystem::path &folder() const { return folder_; }

    // Sorted by name. An image or a name whose record cannot be read is in `warnings`, and stays.
    std::vector<Image> list(std::vector<std::string> &warnings) const;

    // By name, whole hash, or a unique prefix of at least 8 digits. nullopt: no such image.
    // Errors: "image-ambiguous", "image-unreadable".
    std::optional<Image> find(const std::string &reference) const;

    // Whether find() has an image to read, be it readable or not.
    bool has(const std::string &reference) const;

    // The image that was made of this origin while it had this key.
    std::optional<Image> find_origin(const std::string &origin, const std::string &key) const;

    // Copies a disk into the store (reflink where the file system can), verifies that it is a disk
    // image that refers to no other file, and names it if `name` is not empty; a name that another
    // image has moves here. Whatever goes wrong leaves the store as it was.
    // Errors: "not-an-image", "image-format", "image-corrupt", "image-refers-elsewhere",
    // "image-too-large", "image-name", "disk-full", "program-missing".
    Image import(const std::filesystem::path &disk, const std::string &name,
                 const ImageFacts &facts, Progress &progress, const Cancel &cancel,
                 Take take = Take::copy);

    // Gives an image one more name, taken from another image if that had it.
    Image name(const Image &image, const std::string &name, const Cancel &cancel);

    // Takes a name away; the content goes with its last name. Given a hash, takes away the image
    // with all its names. Instances keep what they were made of. Error "image-not-found".
    void remove(const std::string &reference);

 private:
    std::filesystem::path folder_;
};

}  // namespace davit::host
