// SPDX-License-Identifier: Apache-2.0
// Tests of the bounded parser.
#include "base/json.hpp"

#include <gtest/gtest.h>

namespace davit::host {
namespace {

std::string message_of(std::string_view text, JsonLimits limits = {}) {
    try {
        json_in(text, "the document", limits);
    } catch (const Error &error) {
        EXPECT_EQ(error.id(), "bad-json");
        return error.message();
    }
    return "accepted";
}

TEST(Json, RefusesWhatIsNoJson) {
    for (const char *text : {"", "{", "{]", "nul", "{\"a\":1,}", "'a'", "1 2", "\xFF"}) {
        EXPECT_NE(message_of(text), "accepted") << text;
    }
}

TEST(Json, NamesTheDocumentItRefuses) {
    EXPECT_TRUE(message_of("{").starts_with("the document: "));
}

TEST(Json, RefusesDuplicateKeysAtEveryDepth) {
    EXPECT_EQ(message_of(R"({"a":1,"a":2})"), "the document: the key \"a\" appears twice");
    EXPECT_NE(message_of(R"([{"x":{"b":1,"b":1}}])"), "accepted");
    EXPECT_EQ(message_of(R"([{"a":1},{"a":2}])"), "accepted");
}

TEST(Json, RefusesMoreThanTheDepthAllowed) {
    EXPECT_EQ(message_of("[[[1]]]", {.bytes = 100, .depth = 3}), "accepted");
    EXPECT_EQ(message_of("[[[[1]]]]", {.bytes = 100, .depth = 3}),
              "the document: nested deeper than 3 levels");
    EXPECT_NE(message_of(std::string(100000, '[')), "accepted");
}

TEST(Json, RefusesMoreThanTheBytesAllowed) {
    EXPECT_EQ(message_of("[1]", {.bytes = 3, .depth = 9}), "accepted");
    EXPECT_NE(message_of("[1] ", {.bytes = 3, .depth = 9}), "accepted");
}

TEST(Json, NeverThrowsOnTheWayOut) {
    EXPECT_EQ(json_out(Json("a\xFFz")), "\"a\xEF\xBF\xBDz\"");
}

TEST(Json, ReplacesEveryInvalidSequence) {
    EXPECT_EQ(valid_utf8("gr\xC3\xBC\xC3\x9F"), "gr\xC3\xBC\xC3\x9F");
    EXPECT_EQ(valid_utf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
    EXPECT_EQ(valid_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
    EXPECT_EQ(valid_utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // cut short
}

TEST(Json, TellsWhichMemberIsMissingOrOfAnotherType) {
    const Json object{{"text", "a"}, {"number", -1}};
    EXPECT_EQ(member<std::string>(object, "text", "it"), "a");
    EXPECT_THROW(member<std::string>(object, "number", "it"), Error);
    EXPECT_THROW(member<std::string>(object, "absent", "it"), Error);
    EXPECT_THROW(member<std::uint64_t>(object, "number", "it"), Error);
    EXPECT_EQ(member<std::int64_t>(object, "number", "it"), -1);
    EXPECT_EQ(member_or<std::string>(object, "absent", "none", "it"), "none");
    EXPECT_THROW(member_or<std::string>(object, "number", "none", "it"), Error);
    EXPECT_THROW(member<std::string>(Json::array(), "text", "it"), Error);
}

}  // namespace
}  // namespace davit::host
