// SPDX-License-Identifier: Apache-2.0
// Two layers: a script for /bin/sh, its words in single quotes; and that script in an alphabet
// which no login shell has a meaning for.
#include "guest/module/command_line.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace davit::host::guest {
namespace {

constexpr int cannot_enter = 126;

// One word of a POSIX shell.
std::string shell_word(std::string_view word) {
    std::string out = "'";
    for (const char c : word) {
        if (c == '\'') {
            out += R"('\'')";
        } else {
            out += c;
        }
    }
    return out + "'";
}

bool is_name(std::string_view text) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    constexpr std::string_view digits = "0123456789";
    return !text.empty() && letters.find(text[0]) != letters.npos &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return letters.find(c) != letters.npos || digits.find(c) != digits.npos;
           });
}

void refuse_nul(std::string_view text) {
    if (text.find('\0') != text.npos) {
        throw Error{"bad-command", "a command cannot contain a NUL character", "", ExitCode::usage};
    }
}

std::string enter(const std::string &folder) {
    const std::string complaint = "davit: cannot enter the folder " + folder + " in the guest";
    return "CDPATH= cd -- " + shell_word(folder) + " 2>/dev/null || { printf '%s\\n' " +
           shell_word(complaint) + " >&2; exit " + std::to_string(cannot_enter) + "; }; ";
}

// Single quotes hold the whole (`'` would end them; fish has a meaning for `\`, csh for `!` and for
// the end of a line), double quotes hold the words (`"`, `$`, "`" and `\`). All else is as it is.
bool safe(char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f &&
           std::string_view{"'\\!\"$`"}.find(c) == std::string_view::npos;
}

// Turned back by printf's %b, which POSIX defines, at the price of one fork.
std::string in_any_shell(const std::string &script) {
    std::string line = "exec /bin/sh -c 'eval \"$(printf %b \"";
    for (const char c : script) {
        if (safe(c)) {
            line += c;
        } else {
            std::array<char, 8> octal{};
            std::snprintf(octal.data(), octal.size(), "\\0%03o", static_cast<unsigned char>(c));
            line += octal.data();
        }
    }
    return line + "\")\"'";
}

}  // namespace

std::string command_line(const GuestCommand &command) {
    std::string script;
    refuse_nul(command.folder);
    if (!command.folder.empty()) script += enter(command.folder);
    for (const auto &[name, value] : command.environment) {
        refuse_nul(value);
        if (!is_name(name)) {
            throw Error{"bad-command", "\"" + name + "\" is no name of an environment variable", "",
                        ExitCode::usage};
        }
        script += "export " + name + "=" + shell_word(value) + "; ";
    }
    if (command.argv.empty()) return in_any_shell(script + "exec \"${SHELL:-/bin/sh}\" -l");
    script += "exec";
    if (command.argv[0].starts_with('-')) script += " --";
    for (const auto &word : command.argv) {
        refuse_nul(word);
        script += ' ' + shell_word(word);
    }
    return in_any_shell(script);
}

GuestCommand signal_command(const std::string &signal) {
    // All commands of a connection are children of the guest's one process for it.
    return {{"/bin/sh", "-c",
             "for child in $(cat /proc/$PPID/task/$PPID/children); do"
             " [ $child = $$ ] || kill -s " +
                 signal + " -- -$child; done"},
            {},
            {}};
}

}  // namespace davit::host::guest
