// SPDX-License-Identifier: Apache-2.0
// What a user may write where an image is asked for.
#include "images/source.hpp"

#include <sys/stat.h>

#include <array>
#include <charconv>

#include "base/files.hpp"

namespace davit::host {
namespace {

const std::string default_name = "debian";

// The path of "file:///a%20b"; RFC 8089 with the empty host.
fs::path path_of_url(const std::string &url) {
    constexpr std::string_view scheme = "file://";
    const std::string_view rest = std::string_view{url}.substr(scheme.size());
    const auto refuse = [&] {
        return Error{"image-not-found", "\"" + url + "\" names no file",
                     "write file:// and an absolute path, as in file:///home/me/disk.qcow2",
                     ExitCode::usage};
    };
    if (!rest.starts_with('/')) throw refuse();
    std::string path;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (rest[i] != '%') {
            path += rest[i];
            continue;
        }
        unsigned byte = 0;
        const std::string_view digits = rest.substr(i + 1, 2);
        const auto [end, failed] =
            std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        if (failed != std::errc{} || end != digits.data() + 2 || byte == 0) throw refuse();
        path += static_cast<char>(byte);
        i += 2;
    }
    return path;
}

// What tells that a file has not changed since it was copied.
std::string key_of(const fs::path &path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) {
            throw Error{"image-not-found", "there is no file \"" + path.string() + "\"",
                        "check the path"};
        }
        throw system_error(errno, "inspect \"" + path.string() + "\"");
    }
    std::string key;
    for (const auto number :
         {std::int64_t(status.st_dev), std::int64_t(status.st_ino), std::int64_t(status.st_size),
          std::int64_t(status.st_mtim.tv_sec), std::int64_t(status.st_mtim.tv_nsec),
          std::int64_t(status.st_ctim.tv_sec), std::int64_t(status.st_ctim.tv_nsec)}) {
        key += std::to_string(number) + ' ';
    }
    return key;
}

Image fetch_file(const std::string &url, ImageStore &store, Progress &progress,
                 const Cancel &cancel) {
    const fs::path path = path_of_url(url);
    ImageFacts facts;
    facts.origin = "file://" + path.string();
    facts.key = key_of(path);
    if (auto known = store.find_origin(facts.origin, facts.key)) return std::move(*known);
    return store.import(path, "", facts, progress, cancel);
}

// Where images come from besides the store, by the scheme of their URLs.
struct Source {
    std::string_view scheme;
    Image (*fetch)(const std::string &url, ImageStore &, Progress &, const Cancel &);
};
constexpr std::array sources{Source{"file", fetch_file}};

Image fetch(const std::string &url, std::string_view scheme, ImageStore &store, Progress &progress,
            const Cancel &cancel) {
    for (const auto &source : sources) {
        if (source.scheme == scheme) return source.fetch(url, store, progress, cancel);
    }
    throw Error{"image-source-unknown",
                "images cannot be fetched from \"" + std::string{scheme} + "://\" addresses",
                "download the file, and launch file:///absolute/path/to/it"};
}

std::string known_names(const std::vector<Image> &images) {
    std::string names;
    for (const auto &image : images) {
        for (const auto &name : image.names) names += (names.empty() ? "" : ", ") + name;
    }
    return names;
}

Error not_found(const std::string &reference, const std::vector<Image> &images) {
    if (reference.find('/') != std::string::npos) {
        return {"image-not-found", "there is no image \"" + reference + "\"",
                "to use a file, write file:// before its absolute path"};
    }
    const std::string names = known_names(images);
    return {"image-not-found", "there is no image \"" + reference + "\"",
            (names.empty() ? "" : "there is: " + names + "; ") +
                std::string{"build one with \"davit image build debian\", or bring one in with "
                            "\"davit image import FILE --name NAME\""}};
}

Image default_image(const ImageStore &store) {
    if (auto image = store.find(default_name)) return std::move(*image);
    std::vector<std::string> warnings;
    auto images = store.list(warnings);
    if (images.size() == 1 && warnings.empty()) return std::move(images.front());
    if (images.empty()) {
        throw Error{"image-not-found", "there is no image to launch yet",
                    "build one, once: davit image build debian"};
    }
    throw Error{"image-not-found",
                "there is no image \"" + default_name + "\", which is the default",
                "say which one to launch: " + known_names(images) +
                    "; or build the default: davit image build debian"};
}

}  // namespace

Image resolve_image(const std::string &reference, ImageStore &store, Progress &progress,
                    const Cancel &cancel) {
    if (reference.empty()) return default_image(store);
    if (const auto colon = reference.find("://"); colon != std::string::npos) {
        return fetch(reference, std::string_view{reference}.substr(0, colon), store, progress,
                     cancel);
    }
    if (auto image = store.find(reference)) return std::move(*image);
    std::vector<std::string> warnings;
    throw not_found(reference, store.list(warnings));
}

}  // namespace davit::host
