// SPDX-License-Identifier: Apache-2.0
// What QEMU prints about its user networking, as it was seen and as it must not be misread.
#include "qemu/usernet.hpp"

#include <gtest/gtest.h>

#include <string>

namespace davit::qemu::test {
namespace {

const std::string head =
    "Hub -1 (net0):\r\n"
    "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n";

TEST(Usernet, FindsTheForwardedPort) {
    EXPECT_EQ(forwarded_port(head + "  TCP[HOST_FORWARD]  11       127.0.0.1 46681       10.0.2.15"
                                    "    22     0     0\r\n",
                             22),
              46681);
}

TEST(Usernet, TakesNeitherConnectionsNorOtherForwards) {
    const std::string others =
        "  TCP[ESTABLISHED]   15       10.0.2.15 52100     192.0.2.7    22     0     0\n"
        "  UDP[HOST_FORWARD]  16       127.0.0.1 40001       10.0.2.15    22     0     0\n"
        "  TCP[HOST_FORWARD]  17       127.0.0.1 40002       10.0.2.15  2222     0     0\n"
        "  ICMP[1 sec]        18       10.0.2.15     -       192.0.2.7     -     0     0\n";
    EXPECT_EQ(forwarded_port(head + others, 22), std::nullopt);
}

TEST(Usernet, TakesNoPortThatIsNone) {
    for (const char *port : {"0", "-1", "65536", "4x", "*"}) {
        EXPECT_EQ(
            forwarded_port(
                head + "  TCP[HOST_FORWARD]  11  127.0.0.1 " + port + " 10.0.2.15 22 0 0\n", 22),
            std::nullopt)
            << port;
    }
}

TEST(Usernet, FindsNothingInNothing) {
    EXPECT_EQ(forwarded_port("", 22), std::nullopt);
}

}  // namespace
}  // namespace davit::qemu::test
