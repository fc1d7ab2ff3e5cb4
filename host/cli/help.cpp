// SPDX-License-Identifier: Apache-2.0
// davit help, davit version
#include <fmt/format.h>

#include <davit/base.h>

#include "cli/commands.hpp"

namespace davit::host {
namespace {

int run_help(Services &, const Arguments &arguments) {
    if (arguments.words.empty()) {
        fmt::print("{}", overview_text());
        return 0;
    }
    const Command *command = find_command(arguments.words[0]);
    if (!command)
        throw usage_error("unknown command \"" + arguments.words[0] + "\"", "try: davit help");
    fmt::print("{}", usage_text(*command));
    return 0;
}

int run_version(Services &, const Arguments &arguments) {
    const Json document{{"davit", DAVIT_VERSION},
                        {"sdk", fmt::format("{}.{}", DAVIT_SDK_MAJOR, DAVIT_SDK_MINOR)}};
    const Table csv{{"davit", "sdk"}, {{document["davit"], document["sdk"]}}, ""};
    const Format format = format_of(arguments);
    if (format == Format::table) {
        fmt::print("davit   {}\nSDK     {}\n", DAVIT_VERSION, document["sdk"].get<std::string>());
    } else {
        fmt::print("{}", render(format, document, {}, csv));
    }
    return 0;
}

}  // namespace

Command help_command() {
    return {"help", {}, "[<command>]", "Show help", describe_nothing, run_help};
}

Command version_command() {
    return {"version", {}, "", "Show the version", describe_format, run_version};
}

}  // namespace davit::host
