// SPDX-License-Identifier: Apache-2.0
// The instances of one scope: a folder each, claimed by an atomic rename, locked by flock(2).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "instances/record.hpp"

namespace davit::host {

// Where the parts of an instance are.
struct InstanceFolder {
    std::filesystem::path path;

    std::filesystem::path record() const { return path / "record.json"; }
    std::filesystem::path lock() const { return path / "lock"; }
    std::filesystem::path machine() const { return path / "machine"; }  // the driver's
    std::filesystem::path image() const { return path / "image"; }
    std::filesystem::path seed() const { return path / "seed.iso"; }
    std::filesystem::path delayed_stop() const { return path / "delayed-stop.json"; }
};

// An instance as it was found: its record, or why that cannot be read.
struct StoredInstance {
    std::string name;
    InstanceFolder folder;
    std::optional<Record> record;
    std::optional<Error> unreadable;
};

// An instance that nobody else can change while this object lives.
class LockedInstance {
 public:
    LockedInstance(InstanceFolder folder, FileLock lock, Record found)
        : record(std::move(found)), folder_(std::move(folder)), lock_(std::move(lock)) {}

    const InstanceFolder &folder() const { return folder_; }
    // Makes `record` durable.
    void save() const;
    void save(Phase phase) {
        record.phase = phase;
        save();
    }

    Record record;

 private:
    InstanceFolder folder_;
    FileLock lock_;
};

class InstanceStore {
 public:
    explicit InstanceStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Sorted by name. A folder whose record cannot be read is listed as such, never left out.
    std::vector<StoredInstance> list() const;
    // nullopt: there is no such instance.
    std::optional<StoredInstance> find(const std::string &name) const;
    // Whether a command holds the instance's lock now.
    bool busy(const std::string &name) const;

    // Error "instance-not-found", "record-unreadable", "busy".
    LockedInstance lock(const std::string &name, Deadline deadline, const Cancel &cancel) const;
    // A new instance of that name, locked, its record saved. Error "instance-exists".
    LockedInstance claim(const Record &record, const Cancel &cancel) const;
    // Deletes everything that the instance has in its folder. After a crash in the middle the
    // instance is gone, and the next claim() or erase() deletes the rest.
    void erase(const LockedInstance &instance, const Cancel &cancel) const;

    const std::filesystem::path &folder() const { return folder_; }

 private:
    InstanceFolder folder_of(const std::string &name) const { return {folder_ / name}; }
    FileLock lock_scope(const Cancel &cancel) const;

    std::filesystem::path folder_;
};

// The folder of a scope's instances.
std::filesystem::path scope_folder(const std::filesystem::path &home, const std::string &scope);
// The scopes that have instances, sorted.
std::vector<std::string> scopes(const std::filesystem::path &home);

// Multipass's rule: letters, digits and hyphens, beginning with a letter, not ending with a hyphen;
// at most 63 characters, since it is the guest's host name (RFC 1123). Error "usage".
void check_instance_name(const std::string &name);

}  // namespace davit::host
