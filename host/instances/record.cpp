// SPDX-License-Identifier: Apache-2.0
// Records to and from JSON.
#include "instances/record.hpp"

#include <array>
#include <utility>

#include "base/error.hpp"

namespace davit::host {
namespace {

constexpr std::array<std::pair<Phase, const char *>, 5> phases{{{Phase::creating, "creating"},
                                                                {Phase::stopped, "stopped"},
                                                                {Phase::starting, "starting"},
                                                                {Phase::running, "running"},
                                                                {Phase::stopping, "stopping"}}};

Phase phase_from(const std::string &name, const std::string &what) {
    for (const auto &[phase, text] : phases) {
        if (name == text) return phase;
    }
    throw Error{"bad-json", what + ": unknown phase \"" + name + "\""};
}

ImageReference image_from(const Json &document, const std::string &what) {
    return {member<std::string>(document, "hash", what),
            member<std::string>(document, "name", what), member<std::string>(document, "os", what),
            member<std::string>(document, "release", what)};
}

Record parse(const Json &document, const std::string &what) {
    if (member<std::int64_t>(document, "record", what) != 1) {
        throw Error{"bad-json", what + ": written by a newer davit"};
    }
    Record record;
    record.name = member<std::string>(document, "name", what);
    record.id = member<std::string>(document, "id", what);
    record.driver = member<std::string>(document, "driver", what);
    record.created = member<std::string>(document, "created", what);
    record.user = member<std::string>(document, "user", what);
    record.host_key = member<std::string>(document, "host_key", what);
    record.image = image_from(member<Json>(document, "image", what), what);
    record.cpus = member<std::uint64_t>(document, "cpus", what);
    record.memory = member<std::uint64_t>(document, "memory", what);
    record.disk = member<std::uint64_t>(document, "disk", what);
    for (const Json &nic : member<Json>(document, "nics", what)) {
        record.nics.push_back(
            {member<std::string>(nic, "mac", what), member<std::string>(nic, "mode", what)});
    }
    record.phase = phase_from(member<std::string>(document, "phase", what), what);
    record.deleted = member<bool>(document, "deleted", what);
    return record;
}

}  // namespace

std::string phase_name(Phase phase) {
    for (const auto &[value, text] : phases) {
        if (value == phase) return text;
    }
    return "unknown";
}

Json to_json(const Record &record) {
    Json document = record.extra;
    Json nics = Json::array();
    for (const auto &nic : record.nics) nics.push_back({{"mac", nic.mac}, {"mode", nic.mode}});
    document.update({{"record", 1},
                     {"name", record.name},
                     {"id", record.id},
                     {"driver", record.driver},
                     {"created", record.created},
                     {"user", record.user},
                     {"host_key", record.host_key},
                     {"image",
                      {{"hash", record.image.hash},
                       {"name", record.image.name},
                       {"os", record.image.os},
                       {"release", record.image.release}}},
                     {"cpus", record.cpus},
                     {"memory", record.memory},
                     {"disk", record.disk},
                     {"nics", nics},
                     {"phase", phase_name(record.phase)},
                     {"deleted", record.deleted}});
    return document;
}

Record record_from_json(Json document, const std::string &what) {
    try {
        Record record = parse(document, what);
        record.extra = std::move(document);
        return record;
    } catch (const Error &error) {
        throw Error{"record-unreadable", error.message(),
                    "the file is left as it is; repair it, or move its folder away"};
    }
}

}  // namespace davit::host
