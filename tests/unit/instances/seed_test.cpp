// SPDX-License-Identifier: Apache-2.0
// Tests of what a guest is told about itself.
#include "guest/seed.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace davit::host {
namespace {

const GuestIdentity identity{.instance_id = "id-1",
                             .hostname = "web",
                             .user = "davit",
                             .uid = 1234,
                             .authorized_key = "ssh-ed25519 KEY user",
                             .host_key = {"PRIVATE\nLINES\n", "ssh-ed25519 HOST web"},
                             .macs = {"52:54:00:00:00:01", "52:54:00:00:00:02"}};

std::string file(const std::vector<SeedFile> &files, const std::string &name) {
    for (const auto &each : files) {
        if (each.name == name) return each.content;
    }
    return "missing";
}

TEST(Seed, NamesTheInstanceAndItsHost) {
    const Json meta = json_in(file(seed_files(identity, std::nullopt), "meta-data"), "meta");
    EXPECT_EQ(meta["instance-id"], "id-1");
    EXPECT_EQ(meta["local-hostname"], "web");
}

TEST(Seed, GivesUserKeyAndHostKeyExactly) {
    const std::string data = file(seed_files(identity, std::nullopt), "user-data");
    ASSERT_TRUE(data.starts_with("#cloud-config\n"));
    const Json config = json_in(data.substr(14), "user-data");
    EXPECT_EQ(config["users"][0]["uid"], 1234);
    EXPECT_EQ(config["users"][0]["ssh_authorized_keys"][0], "ssh-ed25519 KEY user");
    EXPECT_EQ(config["ssh_keys"]["ed25519_private"], "PRIVATE\nLINES\n");
}

TEST(Seed, LeadsOutsideThroughTheFirstCardOnly) {
    const Json network =
        json_in(file(seed_files(identity, std::nullopt), "network-config"), "network");
    EXPECT_EQ(network["ethernets"]["card0"]["match"]["macaddress"], "52:54:00:00:00:01");
    EXPECT_FALSE(network["ethernets"]["card0"].contains("optional"));
    EXPECT_EQ(network["ethernets"]["card1"]["optional"], true);
}

TEST(Seed, PassesTheUsersDocumentUntouchedWhateverItsKind) {
    for (const std::string &theirs :
         {std::string{"#cloud-config\nruncmd: [ls]\n"}, std::string{"#!/bin/sh\necho hi\n"},
          std::string{"--davit-part\n#tricky\n"}}) {
        const std::string data = file(seed_files(identity, theirs), "user-data");
        EXPECT_TRUE(data.starts_with("Content-Type: multipart/mixed; boundary=\""));
        EXPECT_NE(data.find("\n\n" + theirs + "\n--"), std::string::npos);
        const std::size_t at = data.find("boundary=\"") + 10;
        const std::string boundary = data.substr(at, data.find('"', at) - at);
        EXPECT_EQ(theirs.find("--" + boundary + "\n"), std::string::npos)
            << "it cannot end its own part";
    }
}

}  // namespace
}  // namespace davit::host
