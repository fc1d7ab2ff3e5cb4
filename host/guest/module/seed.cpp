// SPDX-License-Identifier: Apache-2.0
// The seed image, written by libarchive into memory: a few kilobytes of text.
#include "guest/module/seed.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <sys/types.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/files.hpp"

namespace davit::host::guest {
namespace {

struct ArchiveFree {
    void operator()(archive *writer) const { archive_write_free(writer); }
};
struct EntryFree {
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};
using Archive = std::unique_ptr<archive, ArchiveFree>;
using Entry = std::unique_ptr<archive_entry, EntryFree>;

void check(archive *writer, int result) {
    if (result == ARCHIVE_OK) return;
    const char *why = archive_error_string(writer);
    throw Error{"seed-failed",
                std::string{"cannot make the seed image: "} + (why ? why : "no reason")};
}

la_ssize_t append(archive *, void *image, const void *bytes, std::size_t size) {
    static_cast<std::string *>(image)->append(static_cast<const char *>(bytes), size);
    return static_cast<la_ssize_t>(size);
}

void add(archive *writer, const SeedFile &file) {
    const Entry entry{archive_entry_new()};
    archive_entry_set_pathname(entry.get(), file.name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0444);
    archive_entry_set_mtime(entry.get(), 0, 0);
    check(writer, archive_write_header(writer, entry.get()));
    if (archive_write_data(writer, file.content.data(), file.content.size()) !=
        static_cast<la_ssize_t>(file.content.size())) {
        check(writer, ARCHIVE_FATAL);
    }
}

}  // namespace

void write_seed(const std::filesystem::path &path, const std::vector<SeedFile> &files) {
    std::string image;
    const Archive writer{archive_write_new()};
    check(writer.get(), archive_write_set_format_iso9660(writer.get()));
    check(writer.get(),
          archive_write_set_options(writer.get(), "volume-id=cidata,joliet,rockridge=useful,!pad"));
    check(writer.get(),
          archive_write_open2(writer.get(), &image, nullptr, append, nullptr, nullptr));
    for (const auto &file : files) add(writer.get(), file);
    check(writer.get(), archive_write_close(writer.get()));
    write_file(path, image);
}

}  // namespace davit::host::guest
