// SPDX-License-Identifier: Apache-2.0
// The seed's documents. JSON is YAML 1.2, so they are written as JSON and no text needs quoting.
#include "guest/seed.hpp"

#include "base/json.hpp"

namespace davit::host {
namespace {

Json cloud_config(const GuestIdentity &identity) {
    const Json user{{"name", identity.user},  {"uid", identity.uid},
                    {"gecos", identity.user}, {"groups", "adm, sudo"},
                    {"shell", "/bin/bash"},   {"sudo", "ALL=(ALL) NOPASSWD:ALL"},
                    {"lock_passwd", true},    {"ssh_authorized_keys", {identity.authorized_key}}};
    return {{"users", {user}},
            {"hostname", identity.hostname},
            {"manage_etc_hosts", true},
            {"ssh_deletekeys", true},
            {"ssh_genkeytypes", Json::array()},
            {"ssh_keys",
             {{"ed25519_private", identity.host_key.private_key},
              {"ed25519_public", identity.host_key.public_key}}}};
}

// Each card is found by its hardware address, whatever the guest's kernel calls it.
Json network_config(const GuestIdentity &identity) {
    Json ethernets = Json::object();
    for (std::size_t i = 0; i < identity.macs.size(); ++i) {
        Json card{{"match", {{"macaddress", identity.macs[i]}}}, {"dhcp4", true}};
        if (i > 0) {
            card["optional"] = true;
            card["dhcp4-overrides"] = {{"route-metric", 200}};
        }
        ethernets["card" + std::to_string(i)] = card;
    }
    return {{"version", 2}, {"ethernets", ethernets}};
}

// A boundary that does not occur in the text that it separates (RFC 2046, section 5.1.1).
std::string boundary_for(const std::string &text) {
    std::string boundary = "davit-part";
    while (text.find("--" + boundary) != std::string::npos) boundary += "x";
    return boundary;
}

// The user's document keeps its own kind: cloud-init looks at the first line of a text/plain part.
// Lists are appended to ours, so that "users:" adds users and does not lock davit out.
std::string multipart(const std::string &ours, const std::string &theirs) {
    const std::string boundary = boundary_for(theirs);
    return "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\nMIME-Version: 1.0\n\n--" +
           boundary + "\nContent-Type: text/cloud-config; charset=\"utf-8\"\n\n" + ours + "\n--" +
           boundary +
           "\nContent-Type: text/plain; charset=\"utf-8\"\n"
           "Merge-Type: list(append)+dict(no_replace,recurse_list)+str()\n\n" +
           theirs + "\n--" + boundary + "--\n";
}

}  // namespace

std::vector<SeedFile> seed_files(const GuestIdentity &identity,
                                 const std::optional<std::string> &user_data) {
    const Json meta{{"instance-id", identity.instance_id}, {"local-hostname", identity.hostname}};
    const std::string ours = "#cloud-config\n" + json_out(cloud_config(identity), 1) + "\n";
    return {{"meta-data", json_out(meta, 1) + "\n"},
            {"user-data", user_data ? multipart(ours, *user_data) : ours},
            {"network-config", json_out(network_config(identity), 1) + "\n"}};
}

}  // namespace davit::host
