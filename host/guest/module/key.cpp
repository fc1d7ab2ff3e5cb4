// SPDX-License-Identifier: Apache-2.0
// Keys, as libssh knows them.
#include "guest/module/key.hpp"

#include <cerrno>
#include <sstream>

#include "base/files.hpp"

namespace davit::host::guest {
namespace {

constexpr std::size_t largest_key_file = std::size_t{64} << 10;

struct StringFree {
    void operator()(char *text) const { ssh_string_free_char(text); }
};
using Text = std::unique_ptr<char, StringFree>;

Error key_failed(const std::string &what) {
    return {"bad-key", what, "if the file was damaged, restore it from a copy"};
}

}  // namespace

KeyPair make_key(const std::string &comment) {
    ssh_key made = nullptr;
    if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &made) != SSH_OK) {
        throw Error{"key-failed", "cannot make an ed25519 key"};
    }
    const Key key{made};
    char *text = nullptr;
    if (ssh_pki_export_privkey_base64(key.get(), nullptr, nullptr, nullptr, &text) != SSH_OK) {
        throw Error{"key-failed", "cannot write an ed25519 key"};
    }
    const Text private_key{text};
    if (ssh_pki_export_pubkey_base64(key.get(), &text) != SSH_OK) {
        throw Error{"key-failed", "cannot write an ed25519 key"};
    }
    const Text public_key{text};
    return {private_key.get(), std::string{"ssh-ed25519 "} + public_key.get() + " " + comment};
}

Key read_private_key(const std::filesystem::path &file) {
    const auto text = read_file(file, largest_key_file);
    if (!text) throw system_error(ENOENT, "read the key " + file.string());
    ssh_key key = nullptr;
    if (ssh_pki_import_privkey_base64(text->c_str(), nullptr, nullptr, nullptr, &key) != SSH_OK) {
        throw key_failed("the file " + file.string() + " is no private key");
    }
    return Key{key};
}

Key parse_public_key(const std::string &line) {
    std::string type, base64;
    std::istringstream{line} >> type >> base64;
    ssh_key key = nullptr;
    if (type != "ssh-ed25519" ||
        ssh_pki_import_pubkey_base64(base64.c_str(), SSH_KEYTYPE_ED25519, &key) != SSH_OK) {
        throw key_failed("\"" + line + "\" is no ssh-ed25519 public key");
    }
    return Key{key};
}

}  // namespace davit::host::guest
