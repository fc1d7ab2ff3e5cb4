// SPDX-License-Identifier: Apache-2.0
// Parsing command lines with Boost.Program_options.
#include "cli/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <sstream>

namespace davit::host {
namespace {

constexpr const char *words_option = "davit-words";

// Boost's messages name the option; davit's add where help is.
Error bad_line(const std::exception &error, const std::string &command) {
    return usage_error(error.what(), "\"davit help" + (command.empty() ? "" : " " + command) +
                                         "\" shows what there is");
}

po::options_description described(const Command &command) {
    po::options_description options{"Options"};
    command.describe(options);
    options.add_options()("help,h", "show this help");
    return options;
}

// Where another program's command line begins: at the second word, or behind "--".
std::size_t own_words(const Command &command, const std::vector<std::string> &words) {
    if (command.parsing == Parsing::everywhere) return words.size();
    po::options_description options = described(command);
    bool name_seen = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string &word = words[i];
        if (word == "--") return i;
        if (word.size() > 1 && word[0] == '-') {
            const bool is_long = word.starts_with("--");
            const std::string key =
                is_long ? word.substr(2, word.find('=') - 2) : word.substr(0, 2);
            const auto *option = options.find_nothrow(key, true);
            const bool value_inside =
                is_long ? word.find('=') != std::string::npos : word.size() > 2;
            if (option && option->semantic()->max_tokens() > 0 && !value_inside) ++i;
        } else if (name_seen) {
            return i;
        } else {
            name_seen = true;
        }
    }
    return words.size();
}

}  // namespace

Error usage_error(const std::string &message, const std::string &hint) {
    return {"usage", message, hint, ExitCode::usage};
}

const Command *find_command(const std::string &name) {
    for (const Command &command : all_commands()) {
        if (command.name == name) return &command;
        if (std::find(command.aliases.begin(), command.aliases.end(), name) !=
            command.aliases.end()) {
            return &command;
        }
    }
    return nullptr;
}

po::options_description global_options() {
    po::options_description options{"Options before the command"};
    options.add_options()("driver", po::value<std::string>()->value_name("NAME"),
                          "use this driver, without switching to it")(
        "plugin-dir", po::value<std::vector<std::string>>()->value_name("DIR")->composing(),
        "look for plugins here first (repeatable)")("help,h", "show this help")("version,V",
                                                                                "show the version");
    return options;
}

GlobalArguments parse_global(const std::vector<std::string> &words) {
    const po::options_description options = global_options();
    // The command is the first word that is neither an option nor an option's value.
    std::size_t end = 0;
    while (end < words.size() && words[end].size() > 1 && words[end][0] == '-') {
        const std::string &word = words[end];
        const auto *option =
            options.find_nothrow(word.substr(std::min<std::size_t>(2, word.size())), true);
        end += option && word.starts_with("--") && option->semantic()->max_tokens() > 0 ? 2 : 1;
    }
    end = std::min(end, words.size());
    GlobalArguments arguments;
    arguments.rest.assign(words.begin() + static_cast<std::ptrdiff_t>(end), words.end());
    try {
        po::store(po::command_line_parser{{words.begin(),
                                           words.begin() + static_cast<std::ptrdiff_t>(end)}}
                      .options(options)
                      .run(),
                  arguments.options);
    } catch (const po::error &error) {
        throw bad_line(error, "");
    }
    return arguments;
}

Arguments parse_arguments(const Command &command, const std::vector<std::string> &words) {
    po::options_description options = described(command);
    options.add_options()(words_option, po::value<std::vector<std::string>>());
    const po::positional_options_description positional =
        po::positional_options_description{}.add(words_option, -1);
    const std::size_t own = own_words(command, words);
    Arguments arguments;
    try {
        po::store(po::command_line_parser{{words.begin(),
                                           words.begin() + static_cast<std::ptrdiff_t>(own)}}
                      .options(options)
                      .positional(positional)
                      .run(),
                  arguments.options);
        po::notify(arguments.options);
    } catch (const po::error &error) {
        throw bad_line(error, command.name);
    }
    if (arguments.has(words_option)) {
        arguments.words = arguments.get<std::vector<std::string>>(words_option);
    }
    std::size_t rest = own;
    if (rest < words.size() && words[rest] == "--") ++rest;
    arguments.words.insert(arguments.words.end(), words.begin() + static_cast<std::ptrdiff_t>(rest),
                           words.end());
    return arguments;
}

std::string usage_text(const Command &command) {
    std::ostringstream text;
    text << "Usage: davit " << command.name << " [options]"
         << (command.words.empty() ? "" : " " + command.words) << "\n\n"
         << command.summary << "\n";
    if (!command.aliases.empty())
        text << "\nAlso: " << fmt::format("{}", fmt::join(command.aliases, ", ")) << "\n";
    text << "\n" << described(command);
    return text.str();
}

std::string overview_text() {
    std::ostringstream text;
    text << "Usage: davit [options] <command> ...\n\n"
            "Launches Linux virtual machines on whichever hypervisor this computer has.\n\n"
            "Commands:\n";
    for (const Command &command : all_commands()) {
        if (!command.name.starts_with("__")) {
            text << fmt::format("  {:<14}{}\n", command.name, command.summary);
        }
    }
    text << "\n\"davit help <command>\" tells more about one.\n\n" << global_options();
    return text.str();
}

void describe_format(po::options_description &options) {
    options.add_options()("format",
                          po::value<std::string>()->default_value("table")->value_name("FORMAT"),
                          "table, json, csv or yaml");
}

void describe_nothing(po::options_description &) {}

Format format_of(const Arguments &arguments) {
    return parse_format(arguments.get<std::string>("format"));
}

}  // namespace davit::host
