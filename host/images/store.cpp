// SPDX-License-Identifier: Apache-2.0
// The store: <folder>/by-hash/<hash>/, names/<name>.json, incoming/ (unfinished), lock.
#include "images/store.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>

#include "base/files.hpp"
#include "images/copy.hpp"
#include "images/digest.hpp"
#include "images/incoming.hpp"
#include "images/inspect.hpp"
#include "images/record.hpp"

namespace davit::host {
namespace {

constexpr std::chrono::seconds lock_patience{30};
constexpr std::size_t least_prefix = 8;

std::string now() {
    const std::time_t seconds =
        std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::string text(sizeof "2000-01-01T00:00:00Z", '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts));
    return text;
}

std::vector<fs::path> entries(const fs::path &folder) {
    std::vector<fs::path> found;
    std::error_code failed;
    fs::directory_iterator each{folder, failed};
    if (failed && failed != std::errc::no_such_file_or_directory) {
        throw system_error(failed.value(), "read \"" + folder.string() + "\"");
    }
    for (; each != fs::directory_iterator{}; each.increment(failed)) found.push_back(each->path());
    std::sort(found.begin(), found.end());
    return found;
}

// Every name by the hash that it stands for. Unreadable ones go to `warnings`.
std::multimap<std::string, std::string> names_by_hash(const fs::path &store,
                                                      std::vector<std::string> &warnings) {
    std::multimap<std::string, std::string> names;
    for (const auto &file : entries(store / "names")) {
        if (file.extension() != ".json") continue;
        try {
            if (const auto hash = read_name(file)) names.emplace(*hash, file.stem());
        } catch (const Error &error) {
            warnings.push_back(error.message());
        }
    }
    return names;
}

fs::path file_of_name(const fs::path &store, const std::string &name) {
    return store / "names" / (name + ".json");
}

bool has_name(const fs::path &store, const std::string &reference) {
    return is_image_name(reference) && fs::exists(file_of_name(store, reference));
}

// The hash that `reference` means, be there such an image or not.
std::optional<std::string> resolve(const fs::path &store, const std::string &reference) {
    if (is_image_name(reference)) {
        if (auto hash = read_name(file_of_name(store, reference))) return hash;
    }
    if (reference.size() < least_prefix) return std::nullopt;
    std::optional<std::string> found;
    for (const auto &folder : entries(store / "by-hash")) {
        const std::string hash = folder.filename();
        if (!is_hash(hash) || !hash.starts_with(reference)) continue;
        if (found) {
            throw Error{"image-ambiguous", "several images begin with \"" + reference + "\"",
                        "give more digits; \"davit image list\" shows the images there are",
                        ExitCode::usage};
        }
        found = hash;
    }
    return found;
}

// As resolve(). nullopt: a name whose record cannot be read, and goes alone.
std::optional<std::string> hash_to_remove(const fs::path &store, const std::string &reference) {
    try {
        return resolve(store, reference);
    } catch (const Error &error) {
        if (error.id() == "image-unreadable") return std::nullopt;
        throw;
    }
}

Error not_found(const std::string &reference) {
    return {"image-not-found", "there is no image \"" + reference + "\"",
            "\"davit image list\" shows the images there are"};
}

void take_file(const fs::path &from, const fs::path &to, Take take, Progress &progress,
               const Cancel &cancel) {
    if (take == Take::move) {
        fs::rename(from, to);
    } else {
        copy_file(from, to, progress, cancel);
    }
    if (::chmod(to.c_str(), 0400) != 0)
        throw system_error(errno, "protect \"" + to.string() + "\"");
}

}  // namespace

std::vector<Image> ImageStore::list(std::vector<std::string> &warnings) const {
    const auto names = names_by_hash(folder_, warnings);
    std::vector<Image> images;
    for (const auto &folder : entries(folder_ / "by-hash")) {
        if (!is_hash(folder.filename())) continue;
        try {
            auto image = read_image(folder);
            if (!image) continue;  // removed meanwhile
            const auto [begin, end] = names.equal_range(image->hash);
            for (auto name = begin; name != end; ++name) image->names.push_back(name->second);
            images.push_back(std::move(*image));
        } catch (const Error &error) {
            warnings.push_back(error.message());
        }
    }
    std::stable_sort(images.begin(), images.end(), [](const Image &a, const Image &b) {
        return a.names.empty() == b.names.empty() ? a.names < b.names : b.names.empty();
    });
    return images;
}

std::optional<Image> ImageStore::find(const std::string &reference) const {
    const auto hash = resolve(folder_, reference);
    if (!hash) return std::nullopt;
    auto image = read_image(folder_ / "by-hash" / *hash);
    if (!image) return std::nullopt;
    std::vector<std::string> ignored;  // list() tells them
    const auto names = names_by_hash(folder_, ignored);
    const auto [begin, end] = names.equal_range(*hash);
    for (auto name = begin; name != end; ++name) image->names.push_back(name->second);
    return image;
}

bool ImageStore::has(const std::string &reference) const {
    return has_name(folder_, reference) || resolve(folder_, reference).has_value();
}

std::optional<Image> ImageStore::find_origin(const std::string &origin,
                                             const std::string &key) const {
    std::vector<std::string> ignored;
    for (auto &image : list(ignored)) {
        if (!key.empty() && image.origin == origin && image.key == key) return std::move(image);
    }
    return std::nullopt;
}

Image ImageStore::import(const fs::path &disk, const std::string &name, const ImageFacts &facts,
                         Progress &progress, const Cancel &cancel, Take take) {
    if (!name.empty() && !is_image_name(name)) {
        throw Error{"image-name", "\"" + name + "\" cannot be the name of an image",
                    "use letters, digits, \".\", \"_\" and \"-\", at most 64", ExitCode::usage};
    }
    const Incoming incoming{folder_};
    const fs::path work = incoming.path() / "image";
    make_private_folder(work);
    // The copy is judged, not the original, which may change meanwhile.
    take_file(disk, work / "disk", take, progress, cancel);
    const DiskFacts inspected = inspect_disk(work / "disk", "\"" + disk.string() + "\"", cancel);

    Image image;
    image.hash = sha256_of_file(work / "disk", progress, cancel);
    image.format = inspected.format;
    image.virtual_size = inspected.virtual_size;
    image.file_size = fs::file_size(work / "disk");
    image.os = facts.os;
    image.release = facts.release;
    image.origin = facts.origin;
    image.key = facts.key;
    image.created = now();
    fs::rename(work / "disk", work / ("disk." + image.format));
    if (facts.kernel && facts.initrd) {
        image.cmdline = facts.cmdline;
        image.kernel = work / "kernel";
        image.initrd = work / "initrd";
        take_file(*facts.kernel, *image.kernel, take, progress, cancel);
        take_file(*facts.initrd, *image.initrd, take, progress, cancel);
    }
    write_image(work, image);
    cancel.check();

    make_private_folder(folder_ / "by-hash");
    make_private_folder(folder_ / "names");
    const auto lock = FileLock::acquire(folder_ / "lock", Deadline::after(lock_patience), cancel);
    const fs::path place = folder_ / "by-hash" / image.hash;
    if (!fs::exists(place)) {
        fs::rename(work, place);
        sync_folder(place.parent_path());
    }
    if (!name.empty()) write_name(file_of_name(folder_, name), image.hash);
    auto imported = find(image.hash);
    if (!imported) throw not_found(image.hash);
    return std::move(*imported);
}

Image ImageStore::name(const Image &image, const std::string &name, const Cancel &cancel) {
    const auto lock = FileLock::acquire(folder_ / "lock", Deadline::after(lock_patience), cancel);
    if (!fs::exists(folder_ / "by-hash" / image.hash)) throw not_found(image.hash);
    make_private_folder(folder_ / "names");
    write_name(file_of_name(folder_, name), image.hash);
    return find(image.hash).value();
}

void ImageStore::remove(const std::string &reference) {
    if (!has(reference)) throw not_found(reference);
    const Incoming incoming{folder_};
    const Cancel never;
    const auto lock = FileLock::acquire(folder_ / "lock", Deadline::after(lock_patience), never);
    const auto hash = hash_to_remove(folder_, reference);
    std::vector<std::string> unreadable;
    const auto names = names_by_hash(folder_, unreadable);
    if (has_name(folder_, reference)) {
        fs::remove(file_of_name(folder_, reference));
        sync_folder(folder_ / "names");
        if (!hash || names.count(*hash) > 1) return;
    }
    const auto [begin, end] = names.equal_range(hash.value());
    for (auto each = begin; each != end; ++each) fs::remove(file_of_name(folder_, each->second));
    std::error_code failed;
    fs::rename(folder_ / "by-hash" / *hash, incoming.path() / *hash, failed);
    if (failed && failed != std::errc::no_such_file_or_directory) {
        throw system_error(failed.value(), "remove the image " + *hash);
    }
    sync_folder(folder_ / "by-hash");
}

}  // namespace davit::host
