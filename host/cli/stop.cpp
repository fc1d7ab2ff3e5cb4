// SPDX-License-Identifier: Apache-2.0
// davit stop, and the hidden command of the process that stops an instance later
#include <fmt/format.h>

#include <charconv>

#include "cli/commands.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

void describe(po::options_description &options) {
    describe_all(options, "stop every one");
    options.add_options()("time,t", po::value<std::string>()->value_name("MINUTES"),
                          "stop so many minutes from now")("cancel,c",
                                                           "cancel a stop that waits for its time")(
        "force", "power off at once, as pulling the plug does");
}

std::chrono::minutes parse_minutes(const std::string &text) {
    const char *begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const char *end = text.data() + text.size();
    unsigned minutes = 0;
    const auto [read, failed] = std::from_chars(begin, end, minutes);
    if (failed != std::errc{} || read != end || minutes > 527040) {
        throw usage_error("--time needs a whole number of minutes, not \"" + text + "\"");
    }
    return std::chrono::minutes{minutes};
}

int run(Services &services, const Arguments &arguments) {
    if (arguments.has("time") + arguments.has("cancel") + arguments.has("force") > 1) {
        throw usage_error("use one of --time, --cancel and --force");
    }
    const auto delay = arguments.has("time") ? parse_minutes(arguments.get<std::string>("time"))
                                             : std::chrono::minutes{0};
    const StopKind kind = arguments.has("force") ? StopKind::force : StopKind::graceful;
    const InstanceStore store = current_store(services);
    const auto names = targets(arguments, store, primary_name);
    require_targets(services, store, names);
    for_each_target(names, [&](const std::string &name) {
        if (arguments.has("cancel")) {
            cancel_stop(services, store, name);
        } else if (delay.count() > 0) {
            stop_later(services, store, name, delay);
        } else {
            stop(services, store, name, kind);
        }
    });
    return 0;
}

int run_delayed(Services &services, const Arguments &arguments) {
    if (arguments.words.size() != 2) throw usage_error("__delayed-stop takes a name and minutes");
    const Deadline at = Deadline::after(parse_minutes(arguments.words[1]));
    while (!at.expired()) wait_for(-1, 0, at, services.cancel());
    stop(services, current_store(services), arguments.words[0], StopKind::graceful);
    return 0;
}

}  // namespace

Command stop_command() {
    return {"stop", {}, "[<name> ...]", "Shut instances down", describe, run};
}

Command delayed_stop_command() {
    return {"__delayed-stop", {},         "<name> <minutes>", "Stop an instance later",
            describe_nothing, run_delayed};
}

}  // namespace davit::host
