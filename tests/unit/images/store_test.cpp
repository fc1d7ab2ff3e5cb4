// SPDX-License-Identifier: Apache-2.0
// What the store keeps, finds and removes.
#include <sys/stat.h>

#include <thread>

#include "unit/images/fixture.hpp"

namespace davit::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Store : public Images {
 protected:
    // For threads, which must not share a recorder.
    void import_quietly(const fs::path &disk, const std::string &name) {
        RecordedProgress mine;
        host::ImageStore same{store.folder()};
        same.import(disk, name, {}, mine, mine.cancel);
    }
};

TEST_F(Store, IsEmptyBeforeItExists) {
    EXPECT_THAT(list(), IsEmpty());
    EXPECT_FALSE(store.find("debian"));
    EXPECT_FALSE(fs::exists(store.folder()));
}

TEST_F(Store, NamesAnImageByTheHashOfItsDisk) {
    const auto disk = raw_disk("a.img", "some content");
    const auto image = import(disk, "mine");
    const auto said =
        host::run_program({{"sha256sum", disk.string()}, {}, {}, {}},
                          host::Deadline::after(std::chrono::minutes{1}), progress.cancel);
    EXPECT_EQ(image.hash, said.output.substr(0, 64));
}

TEST_F(Store, TellsWhatItWasTold) {
    host::ImageFacts facts{
        "Debian", "12", "file:///a", "key", file("k", "kernel"), file("i", "initrd"), "root=x"};
    import(made_disk("a.qcow2", {"-f", "qcow2"}, "7M"), "mine", facts);
    const auto image = store.find("mine").value();
    EXPECT_EQ(image.format, "qcow2");
    EXPECT_EQ(image.virtual_size, std::uint64_t{7} << 20);
    EXPECT_EQ(image.file_size, fs::file_size(image.disk));
    EXPECT_EQ(image.os, "Debian");
    EXPECT_EQ(image.release, "12");
    EXPECT_EQ(image.origin, "file:///a");
    EXPECT_EQ(image.cmdline, "root=x");
    EXPECT_THAT(image.names, ElementsAre("mine"));
    EXPECT_EQ(fs::file_size(image.kernel.value()), 6U);
    EXPECT_EQ(fs::file_size(image.initrd.value()), 6U);
}

TEST_F(Store, KeepsFilesThatNobodyCanChange) {
    const auto image = import(raw_disk("a.img"));
    struct stat status {};
    ASSERT_EQ(::stat(image.disk.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0400U);
}

TEST_F(Store, LeavesTheOriginalAlone) {
    const auto disk = raw_disk("a.img");
    import(disk, "mine");
    store.remove("mine");
    EXPECT_TRUE(fs::exists(disk));
}

TEST_F(Store, KeepsOneCopyOfTheSameDisk) {
    import(raw_disk("a.img"), "one");
    import(raw_disk("b.img"), "two");
    ASSERT_THAT(list(), SizeIs(1));
    EXPECT_THAT(list().front().names, ElementsAre("one", "two"));
}

TEST_F(Store, MovesANameToItsNewImage) {
    const auto old = import(raw_disk("a.img", "old"), "mine");
    const auto young = import(raw_disk("b.img", "new"), "mine");
    EXPECT_EQ(store.find("mine")->hash, young.hash);
    EXPECT_THAT(store.find(old.hash)->names, IsEmpty());
}

TEST_F(Store, FindsByHashAndByAUniqueBeginningOfIt) {
    const auto image = import(raw_disk("a.img"));
    EXPECT_TRUE(store.find(image.hash));
    EXPECT_TRUE(store.find(image.hash.substr(0, 8)));
    EXPECT_FALSE(store.find(image.hash.substr(0, 7)));
}

TEST_F(Store, RefusesABeginningThatTwoImagesShare) {
    const std::string shared = "12345678";
    for (const char last : {'a', 'b'}) {
        fs::create_directories(store.folder() / "by-hash" / (shared + std::string(56, last)));
    }
    EXPECT_THAT(error_of([&] { store.find(shared); }), FailsWith("image-ambiguous"));
}

TEST_F(Store, ListsNamedImagesFirstAndByName) {
    import(raw_disk("a.img", "1"));
    import(raw_disk("b.img", "2"), "zebra");
    import(raw_disk("c.img", "3"), "ant");
    std::vector<std::string> firsts;
    for (const auto &image : list()) {
        firsts.push_back(image.names.empty() ? "" : image.names.front());
    }
    EXPECT_THAT(firsts, ElementsAre("ant", "zebra", ""));
}

TEST_F(Store, RemovesTheContentWithItsLastName) {
    import(raw_disk("a.img"), "one");
    const auto image = import(raw_disk("a.img"), "two");
    store.remove("one");
    EXPECT_TRUE(fs::exists(image.disk));
    store.remove("two");
    EXPECT_FALSE(fs::exists(image.disk.parent_path()));
    EXPECT_THAT(list(), IsEmpty());
    EXPECT_THAT(unfinished(), IsEmpty());
}

TEST_F(Store, RemovesAnImageWithAllItsNamesByHash) {
    const auto image = import(raw_disk("a.img"), "one");
    import(raw_disk("a.img"), "two");
    store.remove(image.hash.substr(0, 12));
    EXPECT_FALSE(store.has("one"));
    EXPECT_FALSE(store.has("two"));
    EXPECT_FALSE(store.has(image.hash));
}

TEST_F(Store, DoesNotRemoveWhatItDoesNotHave) {
    import(raw_disk("a.img"), "mine");
    for (const std::string odd : {"yours", "", "../names/mine", "12345678"}) {
        EXPECT_THAT(error_of([&] { store.remove(odd); }), FailsWith("image-not-found")) << odd;
    }
    EXPECT_TRUE(store.find("mine"));
}

TEST_F(Store, KeepsWhatAnInstanceHasLinked) {
    const auto image = import(raw_disk("a.img", "kept"), "mine");
    const fs::path linked = folder.path() / "instance.img";
    fs::create_hard_link(image.disk, linked);
    store.remove("mine");
    EXPECT_EQ(fs::file_size(linked), std::uintmax_t{1} << 20);
}

TEST_F(Store, KeepsAndReportsAnImageWithoutAReadableRecord) {
    const auto image = import(raw_disk("a.img"), "mine");
    const fs::path record = image.disk.parent_path() / "image.json";
    for (const std::string text : {"", "{", "[]", "{\"format\":\"floppy\"}", "{\"format\":7}"}) {
        std::ofstream{record} << text;
        EXPECT_THAT(list(), IsEmpty()) << text;
        EXPECT_THAT(warnings(), ElementsAre(HasSubstr(record.string()))) << text;
        EXPECT_THAT(error_of([&] { store.find("mine"); }), FailsWith("image-unreadable")) << text;
        EXPECT_TRUE(store.has("mine"));
        EXPECT_TRUE(fs::exists(image.disk));
    }
    fs::remove(record);
    EXPECT_THAT(warnings(), ElementsAre(HasSubstr("it is missing")));
    store.remove("mine");
    EXPECT_FALSE(fs::exists(image.disk));
}

TEST_F(Store, KeepsAndReportsANameWithoutAReadableRecord) {
    const auto image = import(raw_disk("a.img"), "mine");
    const fs::path record = store.folder() / "names/mine.json";
    std::ofstream{record} << "{\"hash\":\"../../etc\"}";
    EXPECT_THAT(list(), SizeIs(1));
    EXPECT_THAT(warnings(), ElementsAre(HasSubstr(record.string())));
    EXPECT_THAT(error_of([&] { store.find("mine"); }), FailsWith("image-unreadable"));
    store.remove("mine");
    EXPECT_FALSE(fs::exists(record));
    EXPECT_TRUE(fs::exists(image.disk));
}

TEST_F(Store, TakesManyImportsAtOnce) {
    constexpr int each = 4;
    std::vector<std::thread> threads;
    for (int i = 0; i < each; ++i) {
        const auto disk = raw_disk("same" + std::to_string(i));
        const auto other = raw_disk("other" + std::to_string(i), std::to_string(i));
        threads.emplace_back([this, disk, i] { import_quietly(disk, "same" + std::to_string(i)); });
        threads.emplace_back([this, other, i] { import_quietly(other, std::to_string(i)); });
    }
    for (auto &thread : threads) thread.join();
    EXPECT_THAT(list(), SizeIs(each + 1));
    EXPECT_THAT(store.find("same0")->names, SizeIs(each));
    EXPECT_THAT(unfinished(), IsEmpty());
}

}  // namespace
}  // namespace davit::test
