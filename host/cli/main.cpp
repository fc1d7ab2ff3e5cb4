// SPDX-License-Identifier: Apache-2.0
// The program davit: one command a process.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <new>
#include <system_error>

#include "base/files.hpp"
#include "cli/command.hpp"

namespace davit::host {
namespace {

// The one thing a signal handler can reach.
Cancel *interrupted = nullptr;

void on_interrupt(int) {
    // A second Ctrl-C does not wait for the undoing: killed anywhere, the state is understood.
    if (interrupted->requested()) ::_exit(static_cast<int>(ExitCode::interrupted));
    interrupted->request();
}

void take_signals(Cancel &cancel) {
    interrupted = &cancel;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
    action.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &action, nullptr);
}

// A closed standard descriptor would be taken by the first file that is opened, and then be written
// to by mistake.
void open_standard_descriptors() {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
    }
}

// What plugins, guests and consoles say may hold anything, but only lines reach the terminal.
void print_lines(const std::string &text) {
    for (const auto &line : printable_lines(text)) fmt::print(stderr, "{}\n", line);
}

void print_error(const std::string &command, const Error &error) {
    print_lines(fmt::format("{} failed: {} [{}]", command, error.message(), error.id()));
    if (!error.hint().empty()) print_lines(error.hint());
}

int run_command(const Command &command, const GlobalArguments &global, Progress &progress,
                const Cancel &cancel) {
    const Arguments arguments =
        parse_arguments(command, {global.rest.begin() + 1, global.rest.end()});
    if (arguments.has("help")) {
        fmt::print("{}", usage_text(command));
        return 0;
    }
    Services::Options options{default_home(), {}, std::nullopt};
    if (global.options.count("driver") > 0)
        options.driver = global.options["driver"].as<std::string>();
    if (global.options.count("plugin-dir") > 0) {
        for (const auto &dir : global.options["plugin-dir"].as<std::vector<std::string>>()) {
            options.plugin_dirs.push_back(fs::absolute(dir));
        }
    }
    Services services{std::move(options), progress, cancel};
    return command.run(services, arguments);
}

int dispatch(const std::vector<std::string> &words, std::string &running, Progress &progress,
             const Cancel &cancel) {
    const GlobalArguments global = parse_global(words);
    if (global.options.count("version") > 0) {
        fmt::print("davit   {}\n", DAVIT_VERSION);
        return 0;
    }
    if (global.options.count("help") > 0) {
        fmt::print("{}", overview_text());
        return 0;
    }
    if (global.rest.empty()) {
        fmt::print(stderr, "{}", overview_text());
        return static_cast<int>(ExitCode::usage);
    }
    const Command *command = find_command(global.rest[0]);
    if (!command) {
        throw usage_error("unknown command \"" + global.rest[0] + "\"", "try: davit help");
    }
    running = command->name;
    return run_command(*command, global, progress, cancel);
}

}  // namespace
}  // namespace davit::host

int main(int argc, char **argv) {
    using namespace davit::host;
    open_standard_descriptors();
    Cancel cancel;
    take_signals(cancel);
    const auto progress = make_console_progress();
    std::string running = "davit";
    int status = static_cast<int>(ExitCode::failed);
    try {
        status = dispatch({argv + 1, argv + argc}, running, *progress, cancel);
        progress->done();
        if (std::fflush(stdout) != 0) throw system_error(errno, "write the answer");
    } catch (const Error &error) {
        progress->done();
        print_error(running, error);
        status = static_cast<int>(error.code());
    } catch (const std::bad_alloc &) {
        print_error(running, {"no-memory", "this computer is out of memory"});
    } catch (const std::system_error &error) {
        progress->done();
        print_error(running, system_error(error.code().value(), "finish the command"));
    } catch (const std::exception &error) {
        // Whatever has no id of its own yet: a file system error, for instance.
        progress->done();
        print_error(running, {"unexpected", error.what()});
    }
    stop_plugins();
    return status;
}
