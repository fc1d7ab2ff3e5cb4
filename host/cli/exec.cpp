// SPDX-License-Identifier: Apache-2.0
// davit exec, davit shell
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/targets.hpp"

namespace davit::host {
namespace {

constexpr std::chrono::seconds auto_start_patience{300};

void describe_exec(po::options_description &options) {
    options.add_options()("working-directory,d", po::value<std::string>()->value_name("DIR"),
                          "where in the guest the command runs; by default the user's home");
}

void describe_shell(po::options_description &options) {
    describe_timeout(options);
}

// A session with the instance's guest, which is started first if it does not run.
std::unique_ptr<GuestSession> session_with(Services &services, const InstanceStore &store,
                                           const std::string &name, std::chrono::seconds timeout) {
    require_targets(services, store, {name});
    const State state = observe(services, store, *store.find(name)).state;
    if (state != State::running && state != State::delayed_stop) {
        start(services, store, name, timeout);
    }
    auto session = connect_guest(services, *store.find(name));
    services.progress().done();
    return session;
}

int run_exec(Services &services, const Arguments &arguments) {
    if (arguments.words.size() < 2) throw usage_error("exec needs an instance and a command");
    const std::string &name = arguments.words[0];
    GuestCommand command;
    command.argv.assign(arguments.words.begin() + 1, arguments.words.end());
    if (arguments.has("working-directory")) {
        command.folder = arguments.get<std::string>("working-directory");
    }
    const InstanceStore store = current_store(services);
    const auto session = session_with(services, store, name, auto_start_patience);
    const bool terminal = ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    return session->relay(command, terminal ? Terminal::yes : Terminal::no, services.cancel());
}

int run_shell(Services &services, const Arguments &arguments) {
    if (arguments.words.size() > 1) throw usage_error("shell takes one instance");
    const std::string name = arguments.words.empty() ? primary_name : arguments.words[0];
    const auto timeout = timeout_of(arguments);
    const InstanceStore store = current_store(services);
    if (name == primary_name && !store.find(name)) {
        LaunchRequest request;
        request.name = name;
        request.timeout = timeout;
        launch(services, request);
    }
    const Terminal terminal = ::isatty(STDIN_FILENO) == 1 ? Terminal::yes : Terminal::no;
    return session_with(services, store, name, timeout)->relay({}, terminal, services.cancel());
}

}  // namespace

Command exec_command() {
    return {"exec",
            {},
            "<name> [--] <command> [<argument> ...]",
            "Run a command in an instance",
            describe_exec,
            run_exec,
            Parsing::before_words};
}

Command shell_command() {
    return {"shell",        {"sh", "connect"}, "[<name>]", "Open a shell in an instance",
            describe_shell, run_shell};
}

}  // namespace davit::host
