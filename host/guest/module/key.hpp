// SPDX-License-Identifier: Apache-2.0
// Keys: made, read and compared.
#pragma once

#include <libssh/libssh.h>

#include <filesystem>
#include <memory>
#include <string>

#include "guest/guest.hpp"

namespace davit::host::guest {

struct KeyFree {
    void operator()(ssh_key key) const { ssh_key_free(key); }
};
using Key = std::unique_ptr<ssh_key_struct, KeyFree>;

KeyPair make_key(const std::string &comment);

// Reads a private key without a passphrase. Error "bad-key" for what is none.
Key read_private_key(const std::filesystem::path &file);

// Reads "ssh-ed25519 AAAA... comment". Error "bad-key".
Key parse_public_key(const std::string &line);

}  // namespace davit::host::guest
