// SPDX-License-Identifier: Apache-2.0
// The QMP client against a peer that says what a QEMU might, and what it never should.
#include "qemu/qmp.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "scripted_peer.hpp"

namespace davit::qemu::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Ending = ScriptedPeer::Ending;

const Wait patient = Wait::at_most(seconds{60});

davit_status status_of(const std::function<void()> &work) {
    try {
        work();
    } catch (const Error &error) {
        return error.status();
    }
    return DAVIT_OK;
}

TEST(Qmp, NegotiatesThenReturnsWhatACommandReturned) {
    ScriptedPeer peer{{greeting, agreed, "{\"return\": {\"status\": \"running\"}, \"id\": 2}\n"},
                      Ending::stays};
    {
        Qmp qmp{peer.client(), patient};
        EXPECT_EQ(qmp.execute("query-status", patient)["status"], "running");
    }
    ASSERT_EQ(peer.heard().size(), 2U);
    EXPECT_EQ(Json::parse(peer.heard()[0])["execute"], "qmp_capabilities");
    EXPECT_EQ(Json::parse(peer.heard()[1])["execute"], "query-status");
}

TEST(Qmp, SkipsEventsAndLateAnswersToEarlierCommands) {
    ScriptedPeer peer{{greeting, agreed,
                       "{\"event\": \"POWERDOWN\", \"timestamp\": {}}\n"
                       "{\"return\": {\"late\": true}, \"id\": 1}\n"
                       "{\"return\": {\"late\": false}, \"id\": 2}\n"},
                      Ending::stays};
    Qmp qmp{peer.client(), patient};
    EXPECT_EQ(qmp.execute("query-status", patient)["late"], false);
}

TEST(Qmp, PutsLinesTogetherThatArriveInPieces) {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const support::Fd own{ends[1]};
    const std::string all = std::string(greeting) + "{\"event\": \"RESET\"}\r\n" + agreed;
    std::thread writer([&] {
        for (const char c : all) (void)send(own.get(), &c, 1, MSG_NOSIGNAL);
    });
    EXPECT_NO_THROW(Qmp(support::Fd{ends[0]}, patient));
    writer.join();
}

TEST(Qmp, TellsClassAndDescriptionOfARefusal) {
    ScriptedPeer peer{{greeting, agreed,
                       "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"no such "
                       "command\"}, \"id\": 2}\n"},
                      Ending::stays};
    Qmp qmp{peer.client(), patient};
    try {
        qmp.execute("fly", patient);
        FAIL() << "not refused";
    } catch (const QmpRefused &refused) {
        EXPECT_EQ(refused.kind(), "CommandNotFound");
        EXPECT_STREQ(refused.what(), "QEMU refused \"fly\": no such command");
    }
}

TEST(Qmp, TakesAnErrorWithoutIdForTheAnswer) {
    ScriptedPeer peer{
        {greeting, agreed, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"bad\"}}\n"},
        Ending::stays};
    Qmp qmp{peer.client(), patient};
    EXPECT_THROW(qmp.execute("query-status", patient), QmpRefused);
}

TEST(Qmp, SaysThatQemuEndedInTheMiddleOfACommand) {
    ScriptedPeer peer{{greeting, agreed, "{\"return\": "}, Ending::closes};
    Qmp qmp{peer.client(), patient};
    try {
        qmp.execute("query-status", patient);
        FAIL() << "an answer out of nothing";
    } catch (const QmpClosed &closed) {
        EXPECT_STREQ(closed.what(), "QEMU ended without an answer");
    }
}

TEST(Qmp, SaysThatQemuEndedBeforeItsGreeting) {
    ScriptedPeer peer{{""}, Ending::closes};
    EXPECT_THROW(Qmp(peer.client(), patient), QmpClosed);
}

TEST(Qmp, GivesUpOnSilenceAtTheDeadline) {
    ScriptedPeer peer{{""}, Ending::stays};
    const auto work = [&] { Qmp(peer.client(), Wait::at_most(milliseconds{20})); };
    EXPECT_EQ(status_of(work), DAVIT_E_TIMEOUT);
}

TEST(Qmp, StopsWaitingWhenTheUserGivesUp) {
    ScriptedPeer peer{{""}, Ending::stays};
    int checks = 0;
    const Wait wait = Wait::at_most(seconds{60}, [&] {
        if (++checks == 3) throw Cancelled();
    });
    EXPECT_EQ(status_of([&] { Qmp(peer.client(), wait); }), DAVIT_E_CANCELLED);
}

TEST(Qmp, RefusesWhatIsNoProtocol) {
    for (const char *text : {"hello\n", "[]\n", "{\"a\": 1, \"a\": 2}\n"}) {
        ScriptedPeer peer{{text}, Ending::stays};
        EXPECT_LT(status_of([&] { Qmp(peer.client(), patient); }), DAVIT_OK) << text;
    }
}

TEST(Qmp, RefusesALineThatDoesNotEnd) {
    ScriptedPeer peer{{std::string(std::size_t{2} << 20, 'x')}, Ending::stays};
    EXPECT_EQ(status_of([&] { Qmp(peer.client(), patient); }), DAVIT_E_FAILED);
}

TEST(Qmp, IsClosedWhereNobodyListens) {
    EXPECT_THROW(Qmp::connect("/tmp", "there-is-no-such.sock", patient), QmpClosed);
}

}  // namespace
}  // namespace davit::qemu::test
