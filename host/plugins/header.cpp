// SPDX-License-Identifier: Apache-2.0
// elf(5): the first 64 bytes, compared with those of the running program, and the segments' ends.
#include "plugins/header.hpp"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"

namespace davit::host {
namespace {

struct Header {
    std::array<unsigned char, 64> bytes{};
    std::size_t size = 0;

    bool begins(std::string_view magic) const {
        return size >= magic.size() &&
               std::string_view{reinterpret_cast<const char *>(bytes.data()), magic.size()} ==
                   magic;
    }
    // The 16-bit field at `offset`, in the byte order that the header states.
    unsigned half(std::size_t offset) const {
        const unsigned first = bytes.at(offset), second = bytes.at(offset + 1);
        return bytes[EI_DATA] == ELFDATA2MSB ? first << 8U | second : second << 8U | first;
    }
    unsigned type() const { return half(offsetof(Elf64_Ehdr, e_type)); }
    unsigned machine() const { return half(offsetof(Elf64_Ehdr, e_machine)); }
};

Header read_header(const fs::path &file) {
    const Fd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd.open()) throw system_error(errno, "read " + file.string());
    Header header;
    const ssize_t got = ::read(fd.get(), header.bytes.data(), header.bytes.size());
    if (got < 0) throw system_error(errno, "read " + file.string());
    header.size = static_cast<std::size_t>(got);
    return header;
}

std::string machine_name(const Header &header) {
    const std::string bits = header.bytes[EI_CLASS] == ELFCLASS32 ? "32-bit " : "64-bit ";
    switch (header.machine()) {
        case EM_X86_64:
            return bits + "x86_64";
        case EM_386:
            return bits + "x86";
        case EM_AARCH64:
            return bits + "aarch64";
        case EM_ARM:
            return bits + "arm";
        case EM_RISCV:
            return bits + "riscv";
        case EM_PPC64:
            return bits + "ppc64";
        case EM_S390:
            return bits + "s390";
        default:
            return bits + "machine " + std::to_string(header.machine());
    }
}

std::string foreign_format(const Header &header) {
    if (header.begins("MZ")) return "a library for Windows";
    for (const char *magic : {"\xCF\xFA\xED\xFE", "\xCE\xFA\xED\xFE", "\xCA\xFE\xBA\xBE"}) {
        if (header.begins(magic)) return "a library for macOS";
    }
    return header.size == 0 ? "empty" : "no shared library";
}

// Whether the file is as long as what is to be mapped of it. The loader does not ask, and dies of
// SIGBUS with a library that was cut short, by a full disk for instance.
bool is_whole(const fs::path &library) {
    const Fd fd{::open(library.c_str(), O_RDONLY | O_CLOEXEC)};
    ElfW(Ehdr) header{};
    struct stat status {};
    if (!fd.open() || ::fstat(fd.get(), &status) != 0 ||
        ::pread(fd.get(), &header, sizeof header, 0) != sizeof header) {
        return false;
    }
    std::vector<ElfW(Phdr)> segments(header.e_phnum);
    const std::size_t size = segments.size() * sizeof(ElfW(Phdr));
    if (header.e_phentsize != sizeof(ElfW(Phdr)) ||
        ::pread(fd.get(), segments.data(), size, static_cast<off_t>(header.e_phoff)) !=
            static_cast<ssize_t>(size)) {
        return false;
    }
    const auto length = static_cast<ElfW(Off)>(status.st_size);
    return std::all_of(segments.begin(), segments.end(), [&](const ElfW(Phdr) & segment) {
        return segment.p_type != PT_LOAD ||
               (segment.p_filesz <= length && segment.p_offset <= length - segment.p_filesz);
    });
}

}  // namespace

void require_fitting_library(const fs::path &library) {
    const Header header = read_header(library);
    if (!header.begins(ELFMAG) || header.size < header.bytes.size() || header.type() != ET_DYN) {
        const bool elf = header.begins(ELFMAG);
        throw Error{
            "plugin-not-a-library",
            library.string() + " is " + (elf ? "no shared library" : foreign_format(header)),
            "install the plugin again, in the build for this platform"};
    }
    const Header ours = read_header("/proc/self/exe");
    if (header.bytes[EI_CLASS] != ours.bytes[EI_CLASS] ||
        header.bytes[EI_DATA] != ours.bytes[EI_DATA] || header.machine() != ours.machine()) {
        throw Error{"plugin-wrong-architecture",
                    library.string() + " is for " + machine_name(header) + ", this davit is for " +
                        machine_name(ours),
                    "install the plugin in the build for this computer"};
    }
    if (!is_whole(library)) {
        throw Error{"plugin-library-cut", library.string() + " is cut short",
                    "install the plugin again"};
    }
}

}  // namespace davit::host
