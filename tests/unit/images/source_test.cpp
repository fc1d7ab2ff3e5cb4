// SPDX-License-Identifier: Apache-2.0
// What a user may write where an image is asked for, and what is said when it is nothing.
#include "images/source.hpp"

#include "unit/images/fixture.hpp"

namespace davit::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class Source : public Images {
 protected:
    host::Image resolve(const std::string &reference) {
        return host::resolve_image(reference, store, progress, progress.cancel);
    }
};

TEST_F(Source, FindsNamesAndHashes) {
    const auto image = import(raw_disk("a.img"), "mine");
    EXPECT_EQ(resolve("mine").hash, image.hash);
    EXPECT_EQ(resolve(image.hash).hash, image.hash);
}

TEST_F(Source, TakesTheOnlyImageByDefault) {
    const auto image = import(raw_disk("a.img"), "mine");
    EXPECT_EQ(resolve("").hash, image.hash);
}

TEST_F(Source, PrefersDebianByDefault) {
    import(raw_disk("a.img", "1"), "mine");
    const auto image = import(raw_disk("b.img", "2"), "debian");
    EXPECT_EQ(resolve("").hash, image.hash);
}

TEST_F(Source, AsksWhichOneIfThereIsNoDefault) {
    import(raw_disk("a.img", "1"), "one");
    import(raw_disk("b.img", "2"), "two");
    const auto error = error_of([&] { resolve(""); });
    ASSERT_THAT(error, FailsWith("image-not-found"));
    EXPECT_THAT(error->hint(), HasSubstr("one, two"));
}

TEST_F(Source, SaysHowToBuildTheFirstImage) {
    const auto error = error_of([&] { resolve(""); });
    ASSERT_THAT(error, FailsWith("image-not-found"));
    EXPECT_THAT(error->hint(), HasSubstr("davit image build debian"));
}

TEST_F(Source, SaysWhatThereIsInsteadOfAnUnknownName) {
    import(raw_disk("a.img"), "mine");
    const auto error = error_of([&] { resolve("yours"); });
    ASSERT_THAT(error, FailsWith("image-not-found"));
    EXPECT_THAT(error->hint(), HasSubstr("mine"));
}

TEST_F(Source, TellsAPathFromAName) {
    const auto error = error_of([&] { resolve("/tmp/disk.qcow2"); });
    ASSERT_THAT(error, FailsWith("image-not-found"));
    EXPECT_THAT(error->hint(), HasSubstr("file://"));
}

TEST_F(Source, RefusesSchemesThatItDoesNotKnow) {
    for (const std::string url : {"https://example.org/a.img", "ftp://x/y", "://x", "File:///a"}) {
        EXPECT_THAT(error_of([&] { resolve(url); }), FailsWith("image-source-unknown")) << url;
    }
}

TEST_F(Source, BringsInFiles) {
    const auto disk = raw_disk("a disk%.img");
    const auto image = resolve("file://" + folder.path().string() + "/a%20disk%25.img");
    EXPECT_EQ(image.origin, "file://" + disk.string());
    EXPECT_EQ(image.file_size, fs::file_size(disk));
}

TEST_F(Source, DoesNotCopyAnUnchangedFileTwice) {
    const auto disk = raw_disk("a.img");
    resolve("file://" + disk.string());
    progress.phases.clear();
    resolve("file://" + disk.string());
    EXPECT_THAT(progress.phases, Not(Contains("verifying the image")));
}

TEST_F(Source, CopiesAChangedFileAgain) {
    const auto before = resolve("file://" + raw_disk("a.img", "old").string());
    const auto after = resolve("file://" + raw_disk("a.img", "new").string());
    EXPECT_NE(before.hash, after.hash);
    EXPECT_THAT(list(), SizeIs(2));
}

TEST_F(Source, RefusesFilesThatAreNone) {
    for (const std::string url : {"file://", "file://host/a", "file:///no/such/file", "file:///%",
                                  "file:///%0", "file:///%zz", "file:///a%00b"}) {
        EXPECT_THAT(error_of([&] { resolve(url); }), FailsWith("image-not-found")) << url;
    }
    EXPECT_THAT(error_of([&] { resolve("file:///"); }), FailsWith("not-a-file"));
}

}  // namespace
}  // namespace davit::test
