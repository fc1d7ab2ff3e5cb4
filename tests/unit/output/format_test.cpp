// SPDX-License-Identifier: Apache-2.0
// Tests of tables, CSV and YAML.
#include "output/format.hpp"

#include <gtest/gtest.h>

namespace davit::host {
namespace {

TEST(Format, AlignsColumnsAndTrimsLineEnds) {
    EXPECT_EQ(as_table({{"Name", "State"}, {{"a", "Running"}, {"longer", ""}}, ""}),
              "Name    State\na       Running\nlonger\n");
}

TEST(Format, CountsCodePointsNotBytes) {
    EXPECT_EQ(as_table({{"N", "S"}, {{"gr\xC3\xBC\xC3\x9F", "x"}, {"ab", "y"}}, ""}),
              "N     S\ngr\xC3\xBC\xC3\x9F  x\nab    y\n");
}

TEST(Format, ContinuesCellsOnLinesOfTheirOwn) {
    EXPECT_EQ(as_table({{"A", "B"}, {{"1\n2", "x"}}, ""}), "A  B\n1  x\n2\n");
}

TEST(Format, SaysWhatAnEmptyTableMeans) {
    EXPECT_EQ(as_table({{"A"}, {}, "Nothing found."}), "Nothing found.\n");
}

TEST(Format, MakesControlCharactersVisible) {
    EXPECT_EQ(printable("a\x1B[31mb\x7F"), "a\\x1b[31mb\\x7f");
    EXPECT_EQ(as_table({{"A"}, {{"\x1B]0;title\x07"}}, ""}), "A\n\\x1b]0;title\\x07\n");
}

TEST(Format, QuotesCsvWhereItMust) {
    EXPECT_EQ(as_csv({{"A", "B"}, {{"plain", "a,b"}, {"a\"b", "a\nb"}}, ""}),
              "A,B\nplain,\"a,b\"\n\"a\"\"b\",\"a\nb\"\n");
}

TEST(Format, WritesYamlThatQuotesEveryString) {
    const Json document{
        {"list", {{{"name", "no"}, {"n", 1}}, {{"name", "b: c"}, {"empty", Json::array()}}}},
        {"on", true},
        {"a b", nullptr}};
    EXPECT_EQ(
        as_yaml(document),
        "\"a b\": null\nlist:\n  - \"n\": 1\n    name: \"no\"\n  - empty: []\n    name: \"b: c\"\n"
        "\"on\": true\n");
}

TEST(Format, RefusesAnUnknownName) {
    EXPECT_EQ(parse_format("yaml"), Format::yaml);
    EXPECT_THROW(parse_format("YAML"), Error);
}

TEST(Format, WritesSizesAsPeopleReadThem) {
    EXPECT_EQ(human_size(0), "0B");
    EXPECT_EQ(human_size(1536), "1.5KiB");
    EXPECT_EQ(human_size(std::uint64_t{5} << 30), "5.0GiB");
}

}  // namespace
}  // namespace davit::host
