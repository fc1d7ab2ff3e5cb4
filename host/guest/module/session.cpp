// SPDX-License-Identifier: Apache-2.0
// Commands whose output is captured; the way to the other two kinds.
#include "guest/module/session.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "guest/module/channel.hpp"
#include "guest/module/relay.hpp"
#include "guest/module/stream.hpp"

namespace davit::host::guest {
namespace {

constexpr std::size_t most_output = std::size_t{16} << 20;
constexpr std::size_t read_at_once = std::size_t{32} << 10;

// Reads what has arrived. Says whether anything beyond the limit was dropped.
bool collect(Channel &channel, Source source, std::string &text) {
    std::array<char, read_at_once> buffer;
    bool cut = false;
    while (const std::size_t got = channel.read(source, buffer.data(), buffer.size())) {
        const std::size_t kept = std::min(got, most_output - text.size());
        text.append(buffer.data(), kept);
        cut = cut || kept < got;
    }
    return cut;
}

// Asks a command to end, and sees to it that the request leaves.
void give_up(Connection &connection, Channel &channel) {
    const Deadline soon = Deadline::after(std::chrono::seconds{1});
    try {
        channel.send_signal("TERM");
        channel.close_input();
        while (connection.output_pending() && !soon.expired()) connection.wait({}, soon);
    } catch (const Error &) {
        // Why the command is given up matters more than that the connection broke as well.
    }
}

GuestResult converse(Connection &connection, Channel &channel, std::string_view input,
                     Deadline deadline, const Cancel &cancel) {
    GuestResult result;
    bool input_open = true;
    while (true) {
        result.cut |= collect(channel, Source::output, result.output);
        result.cut |= collect(channel, Source::errors, result.errors);
        if (channel.ended()) break;
        while (const std::size_t sent = input.empty() ? 0 : channel.write(input)) {
            input.remove_prefix(sent);
        }
        if (input.empty() && std::exchange(input_open, false)) channel.close_input();
        if (deadline.expired()) {
            throw Error{"timeout", "the command in the guest did not end in time", "",
                        ExitCode::timeout};
        }
        connection.wait(deadline, cancel);
    }
    result.status = channel.status();
    result.signal = channel.signal();
    return result;
}

}  // namespace

GuestResult Session::run(const GuestCommand &command, const std::string &input, Deadline deadline,
                         const Cancel &cancel) {
    Channel channel{connection_};
    channel.open(deadline, cancel);
    channel.begin(command, deadline, cancel);
    try {
        return converse(*connection_, channel, input, deadline, cancel);
    } catch (const Error &) {
        give_up(*connection_, channel);
        throw;
    }
}

int Session::relay(const GuestCommand &command, Terminal terminal, const Cancel &cancel) {
    return guest::relay(connection_, command, terminal, cancel);
}

std::unique_ptr<GuestStream> Session::open(const GuestCommand &command, GuestErrors on_errors,
                                           const Cancel &cancel) {
    return std::make_unique<Stream>(connection_, command, std::move(on_errors), cancel);
}

}  // namespace davit::host::guest
