// SPDX-License-Identifier: Apache-2.0
// Tests of instances on disk.
#include "instances/store.hpp"

#include <gtest/gtest.h>

#include "instances/random.hpp"
#include "support/error_id.hpp"
#include "support/temporary_folder.hpp"

namespace davit::host {
namespace {

using test::error_id;

const Cancel nobody;

Record example(const std::string &name) {
    Record record;
    record.name = name;
    record.id = make_uuid();
    record.driver = "some";
    record.created = timestamp();
    record.user = "davit";
    record.host_key = "ssh-ed25519 AAAA";
    record.image = {std::string(64, 'a'), "debian", "Debian", "12"};
    record.memory = std::uint64_t{1} << 30;
    record.disk = std::uint64_t{5} << 30;
    record.nics = {{make_mac(), "default"}};
    record.phase = Phase::stopped;
    return record;
}

class Store : public ::testing::Test {
 protected:
    LockedInstance lock(const std::string &name) {
        return store.lock(name, Deadline::after(std::chrono::seconds{60}), nobody);
    }
    test::TemporaryFolder folder;
    InstanceStore store{folder.path() / "scopes/some"};
};

TEST(Records, ComeBackAsTheyWent) {
    const Record record = example("web");
    const Record back = record_from_json(to_json(record), "it");
    EXPECT_EQ(to_json(back), to_json(record));
    EXPECT_EQ(back.phase, Phase::stopped);
    EXPECT_EQ(back.nics[0].mac, record.nics[0].mac);
}

TEST(Records, KeepWhatANewerDavitWrote) {
    Json document = to_json(example("web"));
    document["mounts"] = {{"a", 1}};
    EXPECT_EQ(to_json(record_from_json(document, "it"))["mounts"], document["mounts"]);
}

TEST(Records, RefuseEveryMissingOrMistypedMember) {
    const Json good = to_json(example("web"));
    for (const auto &[key, value] : good.items()) {
        Json missing = good;
        missing.erase(key);
        EXPECT_EQ(error_id([&] { record_from_json(missing, "it"); }), "record-unreadable") << key;
        Json mistyped = good;
        mistyped[key] = Json::array({Json::array()});
        EXPECT_EQ(error_id([&] { record_from_json(mistyped, "it"); }), "record-unreadable") << key;
    }
    Json newer = good;
    newer["record"] = 2;
    EXPECT_EQ(error_id([&] { record_from_json(newer, "it"); }), "record-unreadable");
}

TEST_F(Store, ClaimsANameOnce) {
    const auto web = store.claim(example("web"), nobody);
    EXPECT_EQ(error_id([&] { store.claim(example("web"), nobody); }), "instance-exists");
    ASSERT_TRUE(store.find("web"));
    EXPECT_EQ(store.find("web")->record->id, web.record.id);
    EXPECT_TRUE(store.busy("web"));
}

TEST_F(Store, ListsSortedAndWithoutWhatIsHalfMade) {
    store.claim(example("b"), nobody);
    store.claim(example("a"), nobody);
    fs::create_directories(store.folder() / ".half-made-1");
    const auto list = store.list();
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].name + list[1].name, "ab");
}

TEST_F(Store, SweepsWhatACrashLeft) {
    fs::create_directories(store.folder() / ".half-made-1/machine");
    store.claim(example("a"), nobody);
    EXPECT_FALSE(fs::exists(store.folder() / ".half-made-1"));
}

TEST_F(Store, ErasesAllOfAnInstanceAndNothingElse) {
    store.claim(example("a"), nobody);
    store.claim(example("b"), nobody);
    store.erase(lock("a"), nobody);
    EXPECT_FALSE(store.find("a"));
    EXPECT_TRUE(store.find("b"));
}

TEST_F(Store, LocksAnInstanceForOneAtATime) {
    const auto held = store.claim(example("a"), nobody);
    EXPECT_EQ(error_id([&] { store.lock("a", Deadline::after(Milliseconds{30}), nobody); }),
              "busy");
    EXPECT_EQ(error_id([&] { lock("nobody"); }), "instance-not-found");
}

TEST_F(Store, FindsNoInstanceByATrickyName) {
    store.claim(example("a"), nobody);
    for (const char *name : {"", ".", "..", "a/", "../some/a", ".lock"}) {
        EXPECT_FALSE(store.find(name)) << name;
    }
}

TEST(Names, FollowTheRule) {
    for (const char *good : {"a", "A1", "web-1", "x--y"}) {
        EXPECT_EQ(error_id([&] { check_instance_name(good); }), "none") << good;
    }
    for (const std::string &bad :
         {std::string{}, std::string{"1a"}, std::string{"-a"}, std::string{"a-"},
          std::string{"a_b"}, std::string{"a.b"}, std::string{"a b"}, std::string{"\xC3\xA4"},
          std::string(64, 'a')}) {
        EXPECT_EQ(error_id([&] { check_instance_name(bad); }), "usage") << bad;
    }
}

TEST(Names, MadeUpAreFreeAndFollowTheRule) {
    for (int i = 0; i < 200; ++i) {
        const std::string name = make_name([](const std::string &) { return false; });
        EXPECT_EQ(error_id([&] { check_instance_name(name); }), "none") << name;
    }
    int asked = 0;
    EXPECT_NO_THROW(make_name([&](const std::string &) { return ++asked < 20; }));
    EXPECT_EQ(error_id([] { make_name([](const std::string &) { return true; }); }), "no-name");
}

TEST(Names, UuidsAndHardwareAddressesHaveTheirForm) {
    EXPECT_EQ(make_uuid().size(), 36U);
    EXPECT_EQ(make_uuid()[14], '4');
    EXPECT_NE(make_uuid(), make_uuid());
    EXPECT_TRUE(make_mac().starts_with("52:54:00:"));
    EXPECT_EQ(make_mac().size(), 17U);
}

}  // namespace
}  // namespace davit::host
