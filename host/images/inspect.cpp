// SPDX-License-Identifier: Apache-2.0
// Disk images are judged by share/davit/tools/inspect-disk: which tool it uses is its own affair.
#include "images/inspect.hpp"

#include <array>
#include <fstream>
#include <string_view>

#include "base/module.hpp"
#include "base/process.hpp"

namespace davit::host {
namespace {

// Larger than any disk that a machine gets; smaller than what makes tools misbehave.
constexpr std::uint64_t most = std::uint64_t{16} << 40;
constexpr std::uint64_t sector = 512;

struct Magic {
    std::string_view bytes;
    const char *program;
};
using namespace std::string_view_literals;
constexpr std::array compressed{Magic{"\x1f\x8b"sv, "gunzip"}, Magic{"\xfd\x37zXZ\0"sv, "unxz"},
                                Magic{"\x28\xb5\x2f\xfd"sv, "unzstd"}, Magic{"BZh"sv, "bunzip2"},
                                Magic{"PK\x03\x04"sv, "unzip"}};

Error not_an_image(const std::string &shown, const std::string &why) {
    return {"not-an-image", shown + " is not a disk image: " + why,
            "name a disk image in the format qcow2 or raw"};
}

std::string first_line(const std::string &text) {
    return text.substr(0, text.find('\n'));
}

std::string first_sector(const fs::path &disk) {
    std::string bytes(sector, '\0');
    std::ifstream file{disk, std::ios::binary};
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

// Any file is a raw image to the tools; a disk that can boot has a boot sector.
void check_raw(const fs::path &disk, const std::string &shown) {
    const std::string begin = first_sector(disk);
    for (const auto &[magic, program] : compressed) {
        if (begin.starts_with(magic)) {
            throw Error{"not-an-image", shown + " is compressed",
                        std::string{"decompress it first, with "} + program};
        }
    }
    if (begin.size() < sector || fs::file_size(disk) % sector != 0) {
        throw not_an_image(shown, "its size is no multiple of a disk's sector");
    }
    if (begin.substr(sector - 2) != "\x55\xaa"sv) {
        throw not_an_image(shown, "it has no boot sector");
    }
}

void check_self_contained(const Json &facts, const std::string &shown) {
    std::string other;
    if (facts.contains("backing-filename")) {
        other = member<std::string>(facts, "backing-filename", "inspect-disk");
    }
    const Json specific = member_or<Json>(facts, "format-specific", Json::object(), "inspect-disk");
    const Json data = member_or<Json>(specific, "data", Json::object(), "inspect-disk");
    if (data.is_object() && data.contains("data-file")) {
        other = member<std::string>(data, "data-file", "inspect-disk");
    }
    if (!other.empty()) {
        throw Error{"image-refers-elsewhere",
                    shown + " needs another file, \"" + valid_utf8(other) + "\"",
                    "make an image of its own of it first (convert it), and import that"};
    }
    if (member_or<bool>(facts, "encrypted", false, "inspect-disk")) {
        throw Error{"image-format", shown + " is encrypted", "decrypt it first"};
    }
}

Json ask_tool(const fs::path &disk, const std::string &shown, const Cancel &cancel) {
    const fs::path tool = installation_prefix() / "share/davit/tools/inspect-disk";
    const auto answer = run_program({{tool.string(), fs::absolute(disk).string()}, {}, {}, {}},
                                    Deadline::after(std::chrono::minutes{10}), cancel);
    const std::string why = first_line(valid_utf8(answer.errors));
    switch (answer.status) {
        case 0:
            return json_in(answer.output, "inspect-disk");
        case 1:
            throw not_an_image(shown, why);
        case 2:
            throw Error{"image-corrupt", shown + " is damaged: " + why,
                        "get it again, and compare its checksum"};
        case 3:
            throw Error{"program-missing", "disk images cannot be inspected: " + why,
                        "install the package that is named", ExitCode::unavailable};
        default:
            throw Error{"system", "cannot inspect " + shown + ": inspect-disk ended with status " +
                                      std::to_string(answer.status) + " " + why};
    }
}

}  // namespace

DiskFacts inspect_disk(const fs::path &disk, const std::string &shown, const Cancel &cancel) {
    if (fs::file_size(disk) == 0) throw not_an_image(shown, "it is empty");
    const Json facts = ask_tool(disk, shown, cancel);
    DiskFacts result;
    result.format = member<std::string>(facts, "format", "inspect-disk");
    result.virtual_size = member<std::uint64_t>(facts, "virtual-size", "inspect-disk");
    if (result.format == "raw") {
        check_raw(disk, shown);
    } else if (result.format != "qcow2") {
        throw Error{"image-format", shown + " has the format " + valid_utf8(result.format),
                    "convert it to qcow2 first"};
    }
    check_self_contained(facts, shown);
    if (result.virtual_size == 0) throw not_an_image(shown, "the disk in it has no size");
    if (result.virtual_size > most) {
        throw Error{
            "image-too-large",
            shown + " claims to be a disk of " + std::to_string(result.virtual_size >> 40) + " TiB",
            "davit takes disks of up to 16 TiB"};
    }
    return result;
}

}  // namespace davit::host
