// SPDX-License-Identifier: Apache-2.0
// Keys and seed images, as OpenSSH and bsdtar see them.
#include "base/files.hpp"
#include "base/process.hpp"
#include "unit/guest/matchers.hpp"

namespace davit::test {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 public:
    std::string output(std::vector<std::string> argv) {
        const host::Cancel never;
        const auto result = host::run_program({std::move(argv), {}, folder, {}}, patience(), never);
        EXPECT_EQ(result.status, 0) << result.errors;
        return result.output;
    }

    TemporaryFolder temporary;
    const fs::path folder = temporary.path();
};

class Key : public Files {};
class Seed : public Files {
 public:
    const std::vector<host::SeedFile> files{
        {"meta-data", "instance-id: 1\n"},
        {"user-data", "#cloud-config\n" + std::string(9000, 'x')},
        {"network-config", ""}};
    std::string image(const fs::path &path) { return host::read_file(path, 10 << 20).value(); }
};

TEST_F(Key, IsOneThatOpenSshReads) {
    const auto pair = host::guest_module().make_key("davit test");
    host::write_file(folder / "key", pair.private_key);
    EXPECT_TRUE(pair.private_key.starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"));
    const std::string derived = output({"ssh-keygen", "-y", "-f", folder / "key"});
    EXPECT_EQ(pair.public_key,
              derived.substr(0, derived.find_last_not_of('\n') + 1) + " davit test");
}

TEST_F(Key, IsAnotherOneEachTime) {
    EXPECT_NE(host::guest_module().make_key("").public_key,
              host::guest_module().make_key("").public_key);
}

TEST_F(Seed, HoldsTheFilesUnderTheirLongNames) {
    host::guest_module().write_seed(folder / "seed.iso", files);
    output({"mkdir", "out"});
    output({"bsdtar", "-x", "-f", "seed.iso", "-C", "out"});
    for (const auto &file : files) {
        EXPECT_EQ(host::read_file(folder / "out" / file.name, 1 << 20), file.content);
    }
}

TEST_F(Seed, IsLabelledForCloudInit) {
    host::guest_module().write_seed(folder / "seed.iso", files);
    const std::string bytes = image(folder / "seed.iso");
    constexpr std::size_t sector = 2048;
    // ECMA-119: the primary volume descriptor is sector 16, its volume id begins at byte 40; the
    // one after it is Joliet's, in UCS-2, which keeps small letters. cloud-init takes either.
    EXPECT_EQ(bytes.substr(16 * sector, 6), "\1CD001");
    EXPECT_EQ(bytes.substr(16 * sector + 40, 32), "CIDATA" + std::string(26, ' '));
    EXPECT_EQ(bytes.substr(17 * sector, 6), "\2CD001");
    EXPECT_EQ(bytes.substr(17 * sector + 40, 12), (std::string{"\0c\0i\0d\0a\0t\0a", 12}));
}

TEST_F(Seed, ReplacesAnOlderOne) {
    host::write_file(folder / "seed.iso", "old");
    host::guest_module().write_seed(folder / "seed.iso", files);
    EXPECT_GT(fs::file_size(folder / "seed.iso"), 2048U * 18);
    EXPECT_EQ(std::distance(fs::directory_iterator{folder}, {}), 1);
}

TEST_F(Seed, TellsThatTheFolderIsMissing) {
    EXPECT_NE(error_id([&] { host::guest_module().write_seed(folder / "no" / "seed.iso", files); }),
              "");
}

}  // namespace
}  // namespace davit::test
