// SPDX-License-Identifier: Apache-2.0
// Tests of sizes as users write them.
#include "cli/size.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace davit::host {
namespace {

TEST(Sizes, AreReadAsMultipassReadsThem) {
    const std::uint64_t mib = std::uint64_t{1} << 20;
    EXPECT_EQ(parse_size("1G", "it"), 1024 * mib);
    EXPECT_EQ(parse_size("512m", "it"), 512 * mib);
    EXPECT_EQ(parse_size("2KiB", "it"), 2048U);
    EXPECT_EQ(parse_size("3kb", "it"), 3072U);
    EXPECT_EQ(parse_size("1.5GiB", "it"), 1536 * mib);
    EXPECT_EQ(parse_size("0.1M", "it"), mib / 10);
    EXPECT_EQ(parse_size("1048576", "it"), mib);
}

TEST(Sizes, ThatAreNoneAreRefused) {
    for (const char *text : {"", "G", "-1G", "1.5", "1.G", ".5G", "1T", "1GB5", "1 G", "0x10",
                             "1e3", "99999999999999999999", "99999999999G"}) {
        EXPECT_THROW(parse_size(text, "it"), Error) << text;
    }
}

}  // namespace
}  // namespace davit::host
