// SPDX-License-Identifier: Apache-2.0
// What davit knows of an instance: one JSON document a folder, replaced atomically.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace davit::host {

// What was last known, or was being done. Whether a machine really runs is asked of its driver.
enum class Phase {
    creating,  // launch has not finished: nothing of the user's is in it yet
    stopped,
    starting,  // the machine was started, the guest has not answered yet
    running,
    stopping,
};

struct NetworkCard {
    std::string mac;
    std::string mode;
};

struct ImageReference {
    std::string hash;
    std::string name;  // what the user called it
    std::string os;
    std::string release;
};

struct Record {
    std::string name;
    std::string id;  // a UUID; cloud-init's instance-id
    std::string driver;
    std::string created;   // RFC 3339, UTC
    std::string user;      // the guest's user
    std::string host_key;  // the guest's public host key
    ImageReference image;
    std::uint64_t cpus = 1;
    std::uint64_t memory = 0;  // bytes
    std::uint64_t disk = 0;    // bytes
    std::vector<NetworkCard> nics;
    Phase phase = Phase::creating;
    bool deleted = false;
    Json extra = Json::object();  // members of a newer davit, kept as they are
};

Json to_json(const Record &record);
// Error "record-unreadable".
Record record_from_json(Json document, const std::string &what);

std::string phase_name(Phase phase);

}  // namespace davit::host
