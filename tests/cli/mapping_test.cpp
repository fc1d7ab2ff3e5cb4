// SPDX-License-Identifier: Apache-2.0
// Tests of what a command maps: the dynamic linker's own account (ld.so(8), LD_DEBUG=files).
#include "cli/scripted_home.hpp"

namespace davit::test {
namespace {

class Mapping : public ScriptedHome {
 protected:
    // Every file that the dynamic linker mapped for a command, at its start or later.
    std::string mapped_by(const std::vector<std::string> &words) {
        davit.environment["LD_DEBUG"] = "files";
        const Outcome outcome = run(words);
        davit.environment.erase("LD_DEBUG");
        EXPECT_EQ(outcome.status, 0);
        EXPECT_NE(outcome.errors.find("libc.so.6"), std::string::npos)
            << "the account is there at all";
        return outcome.errors;
    }
};

TEST_F(Mapping, ListAndCapabilitiesMapNoPluginAndNoLibraryOfOthers) {
    launch("web");
    ASSERT_EQ(run({"stop", "web"}).status, 0);
    for (const std::vector<std::string> &words : std::vector<std::vector<std::string>>{
             {"list"}, {"capabilities"}, {"image", "list"}, {"plugin", "list"}}) {
        const std::string mapped = mapped_by(words);
        for (const char *file : {"scripted.so", "guest.so", "images.so", "libssh", "libcurl",
                                 "libcrypto", "libarchive"}) {
            EXPECT_EQ(mapped.find(file), std::string::npos) << words[0] << " maps " << file;
        }
    }
}

TEST_F(Mapping, OnlyWhatTalksToAGuestMapsSsh) {
    launch("web");
    EXPECT_NE(mapped_by({"exec", "web", "true"}).find("libssh"), std::string::npos);
    const std::string listed = mapped_by({"list"});
    EXPECT_NE(listed.find("scripted.so"), std::string::npos) << "a running instance is asked for";
    EXPECT_EQ(listed.find("libssh"), std::string::npos);
}

}  // namespace
}  // namespace davit::test
