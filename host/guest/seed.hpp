// SPDX-License-Identifier: Apache-2.0
// What a guest is told about itself at its first boot: cloud-init's NoCloud documents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "guest/guest.hpp"

namespace davit::host {

struct GuestIdentity {
    std::string instance_id;  // a new one makes cloud-init run again
    std::string hostname;
    std::string user;
    std::uint32_t uid = 1000;    // the invoking user's own, so that mounts need no id map
    std::string authorized_key;  // a public key line
    KeyPair host_key;            // known before the first connection
    std::vector<std::string>
        macs;  // cards that get an address by DHCP; the first one leads outside
};

// The three files of a seed. `user_data` is the user's own cloud-init document of any kind that
// cloud-init reads; it is passed on untouched, merged by cloud-init itself, and wins.
std::vector<SeedFile> seed_files(const GuestIdentity &identity,
                                 const std::optional<std::string> &user_data);

}  // namespace davit::host
