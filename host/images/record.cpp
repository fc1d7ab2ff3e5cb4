// SPDX-License-Identifier: Apache-2.0
// Images and names as JSON files. A record that cannot be read is an error, never "none".
#include "images/record.hpp"

#include <algorithm>

#include "base/files.hpp"

namespace davit::host {
namespace {

constexpr std::size_t cap = std::size_t{64} << 10;
constexpr std::string_view digits = "0123456789abcdef";
constexpr std::string_view alphanumeric =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

Error unreadable(const fs::path &file, const std::string &why) {
    return {"image-unreadable", "the record \"" + file.string() + "\" cannot be read: " + why,
            "put it right by hand, or remove the image (davit image remove)"};
}

// Calls `read` with the document in `file`; what is wrong with it becomes image-unreadable.
template <typename Read>
auto with_document(const fs::path &file, const Read &read)
    -> std::optional<decltype(read(Json{}))> {
    try {
        const auto text = read_file(file, cap);
        if (!text) return std::nullopt;
        return read(json_in(*text, file.filename().string()));
    } catch (const Error &error) {
        throw unreadable(file, error.message());
    }
}

Image image_of(const Json &record, const fs::path &folder) {
    const std::string what = "image.json";
    Image image;
    image.hash = folder.filename();
    image.format = member<std::string>(record, "format", what);
    if (image.format != "qcow2" && image.format != "raw") {
        throw Error{"bad-json", "image.json: unknown format"};
    }
    image.virtual_size = member<std::uint64_t>(record, "virtual_size", what);
    image.file_size = member<std::uint64_t>(record, "file_size", what);
    image.os = member_or<std::string>(record, "os", "", what);
    image.release = member_or<std::string>(record, "release", "", what);
    image.origin = member_or<std::string>(record, "origin", "", what);
    image.key = member_or<std::string>(record, "key", "", what);
    image.created = member_or<std::string>(record, "created", "", what);
    image.cmdline = member_or<std::string>(record, "cmdline", "", what);
    image.disk = folder / ("disk." + image.format);
    if (member_or<bool>(record, "direct_boot", false, what)) {
        image.kernel = folder / "kernel";
        image.initrd = folder / "initrd";
    }
    return image;
}

}  // namespace

bool is_image_name(const std::string &text) {
    return !text.empty() && text.size() <= 64 &&
           alphanumeric.find(text.front()) != std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return alphanumeric.find(c) != std::string_view::npos ||
                      std::string_view{"._-:"}.find(c) != std::string_view::npos;
           });
}

bool is_hash(const std::string &text) {
    return text.size() == 64 && text.find_first_not_of(digits) == std::string::npos;
}

std::optional<Image> read_image(const fs::path &folder) {
    const fs::path file = folder / "image.json";
    auto image = with_document(file, [&](const Json &record) { return image_of(record, folder); });
    if (image || !fs::exists(folder)) return image;
    throw unreadable(file, "it is missing");
}

void write_image(const fs::path &folder, const Image &image) {
    const Json record{{"format", image.format},
                      {"virtual_size", image.virtual_size},
                      {"file_size", image.file_size},
                      {"os", image.os},
                      {"release", image.release},
                      {"origin", image.origin},
                      {"key", image.key},
                      {"created", image.created},
                      {"cmdline", image.cmdline},
                      {"direct_boot", image.kernel.has_value()}};
    write_file(folder / "image.json", json_out(record, 2) + "\n");
}

std::optional<std::string> read_name(const fs::path &file) {
    return with_document(file, [](const Json &record) {
        auto hash = member<std::string>(record, "hash", "the name's record");
        if (!is_hash(hash)) throw Error{"bad-json", "its \"hash\" is no hash"};
        return hash;
    });
}

void write_name(const fs::path &file, const std::string &hash) {
    write_file(file, json_out({{"hash", hash}}) + "\n");
}

}  // namespace davit::host
