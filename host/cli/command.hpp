// SPDX-License-Identifier: Apache-2.0
// What a command is, and what it is given.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <string>
#include <vector>

#include "instances/services.hpp"
#include "output/format.hpp"

namespace davit::host {

namespace po = boost::program_options;

// A command's words after its name, parsed.
struct Arguments {
    po::variables_map options;
    std::vector<std::string> words;  // what is no option, in order

    bool has(const std::string &option) const { return options.count(option) > 0; }
    template <typename T>
    T get(const std::string &option) const {
        return options[option].as<T>();
    }
};

// Where a command's options end.
enum class Parsing {
    everywhere,   // options and words in any order
    before_words  // at the second word: the rest is another program's command line
};

struct Command {
    std::string name;
    std::vector<std::string> aliases;
    std::string words;    // what its words are, for the usage line: "[<name> ...]"
    std::string summary;  // one line
    void (*describe)(po::options_description &options);
    int (*run)(Services &services, const Arguments &arguments);
    Parsing parsing = Parsing::everywhere;
};

// In the order of the overview. One file a command; commands.cpp lists them.
const std::vector<Command> &all_commands();
// By name or alias; nullptr if there is none.
const Command *find_command(const std::string &name);

// The options that stand before the command, and the words after them.
struct GlobalArguments {
    po::variables_map options;
    std::vector<std::string> rest;  // the command and what follows it
};
po::options_description global_options();
GlobalArguments parse_global(const std::vector<std::string> &words);

// Parses the words after a command's name. Error "usage".
Arguments parse_arguments(const Command &command, const std::vector<std::string> &words);
std::string usage_text(const Command &command);
std::string overview_text();

// Adds "--format", default "table".
void describe_format(po::options_description &options);
Format format_of(const Arguments &arguments);
void describe_nothing(po::options_description &options);

Error usage_error(const std::string &message, const std::string &hint = {});

}  // namespace davit::host
