// SPDX-License-Identifier: Apache-2.0
// What `davit exec` and `davit shell` are, as far as the guest's side goes: a program to be run
// with pipes, terminals and signals of the test's choice.
//
// usage: davit-guest-relay PORT USER KEY_FILE HOST_KEY terminal|plain [ARGV...]
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "guest/guest.hpp"

namespace {

davit::host::Cancel *cancel = nullptr;

int relay(const std::vector<std::string> &words) {
    namespace host = davit::host;
    host::GuestAddress address{"127.0.0.1", static_cast<std::uint16_t>(std::stoi(words.at(0))),
                               words.at(1), words.at(2), words.at(3)};
    const auto session = host::guest_module().connect(
        address, host::Deadline::after(std::chrono::seconds{120}), *cancel);
    const host::GuestCommand command{{words.begin() + 5, words.end()}, {}, {}};
    const bool terminal = words.at(4) == "terminal";
    return session->relay(command, terminal ? host::Terminal::yes : host::Terminal::no, *cancel);
}

}  // namespace

int main(int argc, char **argv) {
    davit::host::Cancel given_up;
    cancel = &given_up;
    std::signal(SIGINT, [](int) { cancel->request(); });
    try {
        return relay({argv + 1, argv + argc});
    } catch (const davit::host::Error &error) {
        std::fprintf(stderr, "%s\n", error.id().c_str());
        return static_cast<int>(error.code());
    }
}
