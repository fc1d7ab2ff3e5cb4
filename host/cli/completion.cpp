// SPDX-License-Identifier: Apache-2.0
// davit completion, and the hidden command that its scripts ask
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/targets.hpp"
#include "instances/current_driver.hpp"

namespace davit::host {
namespace {

constexpr const char *bash_script = R"(_davit() {
    local IFS=$'\n'
    COMPREPLY=($(davit __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
    [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}
complete -F _davit davit
)";
constexpr const char *zsh_script = R"(#compdef davit
_davit() {
    local -a found
    found=("${(@f)$(davit __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -a found || _files
}
compdef _davit davit
)";
constexpr const char *fish_script =
    R"(complete -c davit -f -a '(davit __complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
)";

int run_completion(Services &, const Arguments &arguments) {
    const std::string shell = arguments.words.size() == 1 ? arguments.words[0] : "";
    if (shell == "bash") {
        fmt::print("{}", bash_script);
    } else if (shell == "zsh") {
        fmt::print("{}", zsh_script);
    } else if (shell == "fish") {
        fmt::print("{}", fish_script);
    } else {
        throw usage_error("completion needs the name of a shell", "bash, zsh or fish");
    }
    return 0;
}

void add_options(std::vector<std::string> &found, const po::options_description &options) {
    for (const auto &option : options.options()) found.push_back("--" + option->long_name());
}

std::vector<std::string> command_names() {
    std::vector<std::string> names;
    for (const Command &command : all_commands()) {
        if (!command.name.starts_with("__")) names.push_back(command.name);
    }
    return names;
}

// What can stand where `words` ends, its last word being the one that is typed.
std::vector<std::string> candidates(Services &services, const std::vector<std::string> &words) {
    const std::string previous = words.size() > 1 ? words[words.size() - 2] : "";
    std::vector<std::string> found;
    if (previous == "--format") return {"table", "json", "csv", "yaml"};
    if (previous == "--driver") {
        for (const Manifest *driver : services.plugins().drivers()) found.push_back(driver->name);
        return found;
    }
    const Command *command = nullptr;
    for (std::size_t i = 0; i + 1 < words.size() && !command; ++i) command = find_command(words[i]);
    const bool option = !words.empty() && words.back().starts_with('-');
    if (!command) {
        if (!option) return command_names();
        add_options(found, global_options());
        return found;
    }
    if (option) {
        po::options_description options;
        command->describe(options);
        add_options(found, options);
        found.emplace_back("--help");
        return found;
    }
    if (command->name == "completion") return {"bash", "zsh", "fish"};
    if (command->name == "help") return command_names();
    if (command->words.find("<name>") != std::string::npos) {
        for (const auto &instance : current_store(services).list()) found.push_back(instance.name);
    }
    if (command->name == "launch") {
        std::vector<std::string> warnings;
        for (const auto &image : services.images().list(warnings)) {
            found.insert(found.end(), image.names.begin(), image.names.end());
        }
    }
    return found;
}

int run_complete(Services &services, const Arguments &arguments) {
    const std::string typed = arguments.words.empty() ? "" : arguments.words.back();
    for (const auto &candidate : candidates(services, arguments.words)) {
        if (candidate.starts_with(typed)) fmt::print("{}\n", candidate);
    }
    return 0;
}

}  // namespace

Command completion_command() {
    return {"completion",        {},
            "bash | zsh | fish", "Print a completion script for a shell",
            describe_nothing,    run_completion};
}

Command complete_command() {
    return {"__complete",     {},           "[<word> ...]",       "Complete the last word",
            describe_nothing, run_complete, Parsing::before_words};
}

}  // namespace davit::host
