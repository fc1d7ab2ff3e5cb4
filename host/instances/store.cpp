// SPDX-License-Identifier: Apache-2.0
// Instances on disk.
#include "instances/store.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "base/error.hpp"

namespace davit::host {
namespace {

constexpr std::size_t record_cap = std::size_t{1} << 20;
// Folders of instances that are being made or deleted begin with a dot, which no name does.
constexpr const char *half_made = ".half-made-";
// How long making or deleting a folder may take others; no plugin and no guest is waited for.
constexpr std::chrono::seconds scope_patience{60};

Record read_record(const InstanceFolder &folder) {
    const std::string what = "the record " + folder.record().string();
    try {
        const auto text = read_file(folder.record(), record_cap);
        if (!text) throw Error{"bad-json", what + " is missing"};
        return record_from_json(json_in(*text, what), what);
    } catch (const Error &error) {
        throw Error{"record-unreadable", error.message(),
                    "nothing was changed; repair the file, or move its folder away"};
    }
}

StoredInstance read_instance(const std::string &name, const InstanceFolder &folder) {
    StoredInstance instance{name, folder, std::nullopt, std::nullopt};
    try {
        instance.record = read_record(folder);
    } catch (const Error &error) {
        instance.unreadable = error;
    }
    return instance;
}

Error not_found(const std::string &name) {
    return {"instance-not-found", "instance \"" + name + "\" does not exist",
            "\"davit list\" shows the instances there are"};
}

// What making or deleting an instance left behind when it was killed. Under the scope's lock nobody
// is in the middle of either.
void sweep(const fs::path &folder) {
    for (const auto &entry : fs::directory_iterator{folder}) {
        if (entry.path().filename().string().starts_with(half_made)) remove_tree(entry.path());
    }
}

}  // namespace

void LockedInstance::save() const {
    write_file(folder_.record(), json_out(to_json(record), 2) + "\n");
}

std::vector<StoredInstance> InstanceStore::list() const {
    std::vector<StoredInstance> instances;
    std::error_code failed;
    fs::directory_iterator entries{folder_, failed};
    if (failed == std::errc::no_such_file_or_directory) return instances;
    if (failed) throw system_error(failed.value(), "read " + folder_.string());
    for (const auto &entry : entries) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with('.') || !entry.is_directory()) continue;
        instances.push_back(read_instance(name, {entry.path()}));
    }
    std::sort(instances.begin(), instances.end(),
              [](const auto &a, const auto &b) { return a.name < b.name; });
    return instances;
}

std::optional<StoredInstance> InstanceStore::find(const std::string &name) const {
    const InstanceFolder folder = folder_of(name);
    if (name.empty() || name.starts_with('.') || name.find('/') != std::string::npos) {
        return std::nullopt;
    }
    if (!fs::exists(folder.path)) return std::nullopt;
    return read_instance(name, folder);
}

bool InstanceStore::busy(const std::string &name) const {
    const InstanceFolder folder = folder_of(name);
    return fs::exists(folder.lock()) && !FileLock::try_acquire(folder.lock());
}

LockedInstance InstanceStore::lock(const std::string &name, Deadline deadline,
                                   const Cancel &cancel) const {
    if (!find(name)) throw not_found(name);
    const InstanceFolder folder = folder_of(name);
    std::optional<FileLock> lock;
    try {
        lock = FileLock::acquire(folder.lock(), deadline, cancel);
    } catch (const Error &error) {
        if (error.id() == "busy") {
            throw Error{"busy", "another davit command is working on instance \"" + name + "\"",
                        error.hint()};
        }
        if (!fs::exists(folder.path)) throw not_found(name);  // deleted while we waited
        throw;
    }
    return {folder, std::move(*lock), read_record(folder)};
}

FileLock InstanceStore::lock_scope(const Cancel &cancel) const {
    fs::create_directories(folder_);
    FileLock lock = FileLock::acquire(folder_ / ".lock", Deadline::after(scope_patience), cancel);
    sweep(folder_);
    return lock;
}

LockedInstance InstanceStore::claim(const Record &record, const Cancel &cancel) const {
    const FileLock scope = lock_scope(cancel);
    const InstanceFolder folder = folder_of(record.name);
    if (fs::exists(folder.path)) {
        throw Error{"instance-exists", "instance \"" + record.name + "\" already exists",
                    "choose another name, or delete it: davit delete --purge " + record.name};
    }
    const InstanceFolder half{folder_ / (half_made + record.id)};
    make_private_folder(half.path);
    FileLock lock = FileLock::acquire(half.lock(), Deadline::after(scope_patience), cancel);
    write_file(half.record(), json_out(to_json(record), 2) + "\n");
    fs::rename(half.path, folder.path);
    sync_folder(folder_);
    return {folder, std::move(lock), record};
}

void InstanceStore::erase(const LockedInstance &instance, const Cancel &cancel) const {
    const FileLock scope = lock_scope(cancel);
    const fs::path aside = folder_ / (half_made + instance.record.id);
    fs::rename(instance.folder().path, aside);
    sync_folder(folder_);
    remove_tree(aside);
}

fs::path scope_folder(const fs::path &home, const std::string &scope) {
    return home / "scopes" / scope;
}

std::vector<std::string> scopes(const fs::path &home) {
    std::vector<std::string> names;
    std::error_code failed;
    for (const auto &entry : fs::directory_iterator{home / "scopes", failed}) {
        names.push_back(entry.path().filename().string());
    }
    if (failed && failed != std::errc::no_such_file_or_directory) {
        throw system_error(failed.value(), "read " + (home / "scopes").string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

void check_instance_name(const std::string &name) {
    const auto letter_or_digit = [](char c) { return std::isalnum(static_cast<unsigned char>(c)); };
    const bool good = !name.empty() && name.size() <= 63 &&
                      std::isalpha(static_cast<unsigned char>(name.front())) &&
                      letter_or_digit(name.back()) &&
                      std::all_of(name.begin(), name.end(),
                                  [&](char c) { return letter_or_digit(c) || c == '-'; });
    if (!good) {
        throw Error{"usage", "invalid instance name \"" + name + "\"",
                    "use letters, digits and hyphens, at most 63, beginning with a letter and not "
                    "ending with a hyphen",
                    ExitCode::usage};
    }
}

}  // namespace davit::host
