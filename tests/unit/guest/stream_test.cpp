// SPDX-License-Identifier: Apache-2.0
// Duplex streams, read and written by two threads at once.
#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>

#include "unit/guest/matchers.hpp"

namespace davit::test {
namespace {

using host::Cancel;

class Stream : public testing::Test {
 protected:
    std::unique_ptr<host::GuestStream> open(std::vector<std::string> argv) {
        return connect(server)->open(
            {std::move(argv), {}, {}},
            [this](std::string_view text) {
                const std::lock_guard guard{mutex};
                errors += text;
            },
            never);
    }

    std::string read_all(host::GuestStream &stream) {
        std::string all, buffer(50'000, ' ');
        while (const auto got = stream.read(buffer.data(), buffer.size(), never)) {
            all.append(buffer, 0, got);
        }
        return all;
    }

    std::string read_exactly(host::GuestStream &stream, std::size_t size) {
        std::string all(size, ' ');
        std::size_t done = 0;
        while (done < size) {
            const auto got = stream.read(all.data() + done, size - done, never);
            if (got == 0) throw std::runtime_error{"the stream ended early"};
            done += got;
        }
        return all;
    }

    std::string noise(std::size_t size) {
        std::string text(size, ' ');
        std::uint32_t state = 1;
        for (char &c : text) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
        return text;
    }

    SshServer server;
    Cancel never;
    std::mutex mutex;
    std::string errors;
};

TEST_F(Stream, CarriesManyMegabytesBothWaysAtOnce) {
    const auto stream = open({"cat"});
    const std::string sent = noise(std::size_t{64} << 20);
    std::thread writer{[&] {
        for (std::size_t at = 0; at < sent.size();) {
            const std::size_t size = std::min<std::size_t>(1 + at % 100'000, sent.size() - at);
            stream->write(sent.data() + at, size, never);
            at += size;
        }
    }};
    const std::string received = read_exactly(*stream, sent.size());
    writer.join();
    EXPECT_TRUE(received == sent);
}

TEST_F(Stream, AnswersEverySmallRequest) {
    const auto stream = open({"cat"});
    for (int i = 0; i < 2000; ++i) {
        const std::string request = "request " + std::to_string(i);
        stream->write(request.data(), request.size(), never);
        ASSERT_EQ(read_exactly(*stream, request.size()), request);
    }
}

TEST_F(Stream, WakesAReaderThatWaitsWhileTheOtherWrites) {
    const auto stream = open({"cat"});
    const std::string part = noise(1000);
    std::thread reader{[&] {
        for (int i = 0; i < 1000; ++i) ASSERT_EQ(read_exactly(*stream, part.size()), part);
    }};
    for (int i = 0; i < 1000; ++i) stream->write(part.data(), part.size(), never);
    reader.join();
}

TEST_F(Stream, EndsWhereTheCommandsOutputEnds) {
    EXPECT_EQ(read_all(*open({"sh", "-c", "head -c 3000000 /dev/zero"})).size(), 3'000'000U);
}

TEST_F(Stream, PassesErrorsOn) {
    EXPECT_EQ(read_all(*open({"sh", "-c", "head -c 3000000 /dev/zero >&2; echo done"})), "done\n");
    EXPECT_EQ(errors.size(), 3'000'000U);
}

TEST_F(Stream, EndsTheCommandsInputWhenItIsDestroyed) {
    const auto marker = server.folder() / "ended";
    {
        const auto stream = open({"sh", "-c", "cat; > '" + marker.string() + "'"});
        stream->write("x", 1, never);
        EXPECT_EQ(read_exactly(*stream, 1), "x");
    }
    while (!std::filesystem::exists(marker)) std::this_thread::yield();
}

TEST_F(Stream, WakesAReaderWhenTheUserGivesUp) {
    const auto stream = open({"sleep", "1000"});
    Cancel cancel;
    std::thread user{[&] { cancel.request(); }};
    char byte = 0;
    EXPECT_EQ(error_id([&] { stream->read(&byte, 1, cancel); }), "interrupted");
    user.join();
}

TEST_F(Stream, TellsBothSidesThatTheConnectionBroke) {
    const auto stream = open({"sh", "-c", "echo ready; sleep 1000"});
    EXPECT_EQ(read_exactly(*stream, 6), "ready\n");
    std::string writers_error;
    std::thread writer{[&] {
        const std::string much(std::size_t{16} << 20, 'x');  // more than anything buffers
        writers_error = error_id([&] { stream->write(much.data(), much.size(), never); });
    }};
    std::thread breaker{[&] { server.signal_connections(SIGKILL); }};
    EXPECT_EQ(error_id([&] { read_all(*stream); }), "guest-lost");
    writer.join();
    breaker.join();
    EXPECT_EQ(writers_error, "guest-lost");
}

TEST_F(Stream, TellsAWriterThatTheCommandHasEnded) {
    const auto stream = open({"true"});
    EXPECT_EQ(read_all(*stream), "");
    const std::string much(std::size_t{16} << 20, 'x');
    EXPECT_EQ(error_id([&] { stream->write(much.data(), much.size(), never); }), "guest-lost");
}

TEST_F(Stream, NoticesThatTheGuestKeepsSilent) {
    auto address = server.address();
    address.silence = 1s;
    const auto stream = host::guest_module()
                            .connect(address, patience(), never)
                            ->open({{"sleep", "1000"}, {}, {}}, {}, never);
    server.signal_connections(SIGSTOP);
    EXPECT_EQ(error_id([&] { read_all(*stream); }), "guest-lost");
}

TEST_F(Stream, BearsNotBeingUsedForAWhile) {
    auto address = server.address();
    address.silence = 400ms;
    const auto stream = host::guest_module()
                            .connect(address, patience(), never)
                            ->open({{"cat"}, {}, {}}, {}, never);
    run(*connect(server), {"sleep", "1"});
    stream->write("x", 1, never);
    EXPECT_EQ(read_exactly(*stream, 1), "x");
}

}  // namespace
}  // namespace davit::test
