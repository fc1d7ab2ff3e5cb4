// SPDX-License-Identifier: Apache-2.0
// "davit.host.process/1": base/process.hpp, for plugins.
#include <davit/host/process.h>
#include <signal.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/process.hpp"
#include "plugins/services.hpp"

namespace davit::host {
namespace {

// Whether the user gave up, told from a plugin's davit_call, which has to be asked again and again:
// on a thread of its own, since the service's thread waits for a process.
class CallCancel {
 public:
    explicit CallCancel(davit_call *call) : asker_([this, call] { ask(call); }) {}
    ~CallCancel() {
        {
            const std::lock_guard lock{mutex_};
            over_ = true;
        }
        changed_.notify_all();
        asker_.join();
    }
    CallCancel(const CallCancel &) = delete;
    CallCancel &operator=(const CallCancel &) = delete;

    const Cancel &get() const { return cancel_; }

 private:
    void ask(davit_call *call) {
        constexpr Milliseconds between{100};
        std::unique_lock lock{mutex_};
        while (!changed_.wait_for(lock, between, [this] { return over_; })) {
            if (call->progress(call, nullptr, 0, 0) == DAVIT_OK) continue;
            cancel_.request();
            return;
        }
    }

    Cancel cancel_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool over_ = false;
    std::thread asker_;  // last: it uses the others
};

Deadline deadline_of(const davit_call *call) {
    return call->timeout_ms == 0 ? Deadline::never()
                                 : Deadline::after(Milliseconds{call->timeout_ms});
}

davit_status status_of(const Error &error) {
    if (error.code() == ExitCode::interrupted) return DAVIT_E_CANCELLED;
    if (error.code() == ExitCode::unavailable) return DAVIT_E_UNAVAILABLE;
    if (error.code() == ExitCode::timeout) return DAVIT_E_TIMEOUT;
    if (error.id() == "bad-json") return DAVIT_E_INVALID;
    if (error.id() == "disk-full") return DAVIT_E_NO_SPACE;
    return DAVIT_E_FAILED;
}

// Runs a service's body; nothing it throws reaches the plugin.
template <typename Body>
davit_status serve(davit_call *call, const Body &body) noexcept {
    try {
        return body();
    } catch (const Error &error) {
        const char *hint = error.hint().empty() ? nullptr : error.hint().c_str();
        return call->fail(call, status_of(error), error.what(), hint);
    } catch (const std::exception &error) {
        return call->fail(call, DAVIT_E_FAILED, error.what(), nullptr);
    }
}

void reply(davit_call *call, const Json &document) {
    const std::string text = json_out(document);
    call->reply(call, text.data(), text.size());
}

// NUL cannot be passed to a program, and would cut a string short unseen.
std::string plain(std::string text, const std::string &key) {
    if (text.find('\0') == std::string::npos) return text;
    throw Error{"bad-json", "the request: \"" + key + "\" holds a NUL character"};
}

std::string text_member(const Json &request, const char *key) {
    return plain(member<std::string>(request, key, "the request"), key);
}

// Schema run-1.json; spawn-1.json has its keys and two more.
Program program_from(const Json &request) {
    Program program;
    const Json argv = member<Json>(request, "argv", "the request");
    if (!argv.is_array() || argv.empty()) {
        throw Error{"bad-json", "the request: \"argv\" must be an array of at least one string"};
    }
    for (const auto &argument : argv) {
        if (!argument.is_string()) {
            throw Error{"bad-json", "the request: \"argv\" must be an array of strings"};
        }
        program.argv.push_back(plain(argument.get<std::string>(), "argv"));
    }
    const Json environment = member_or<Json>(request, "env", Json::object(), "the request");
    if (!environment.is_object()) throw Error{"bad-json", "the request: \"env\" must be an object"};
    for (const auto &[key, value] : environment.items()) {
        program.environment[plain(key, "env")] =
            plain(member<std::string>(environment, key.c_str(), "the request's \"env\""), "env");
    }
    program.folder = plain(member_or<std::string>(request, "folder", "", "the request"), "folder");
    program.input = member_or<std::string>(request, "stdin", "", "the request");
    return program;
}

Json request_from(const char *request) {
    return json_in(request ? request : "", "the request", {std::size_t{32} << 20, 32});
}

ProcessIdentity identity_from(const char *identity) {
    return ProcessIdentity::from_json(json_in(identity ? identity : "", "process identity"));
}

davit_status on_run(const davit_host *, const char *request, davit_call *call) noexcept {
    return serve(call, [&] {
        const Program program = program_from(request_from(request));
        const CallCancel cancel{call};
        const ProgramResult result = run_program(program, deadline_of(call), cancel.get());
        reply(call, {{"status", result.status},
                     {"signal", result.signal},
                     {"stdout", result.output},
                     {"stderr", result.errors},
                     {"cut", result.cut}});
        return DAVIT_OK;
    });
}

davit_status on_spawn(const davit_host *, const char *text, davit_call *call) noexcept {
    return serve(call, [&] {
        const Json request = request_from(text);
        const ProcessIdentity process = spawn_program(
            program_from(request), text_member(request, "log"), text_member(request, "identity"));
        reply(call, process.to_json());
        return DAVIT_OK;
    });
}

davit_status on_alive(const davit_host *, const char *identity, davit_call *call) noexcept {
    return serve(call, [&]() -> davit_status { return alive(identity_from(identity)) ? 1 : 0; });
}

davit_status await_end(const ProcessIdentity &process, davit_call *call) {
    const CallCancel cancel{call};
    if (wait_gone(process, deadline_of(call), cancel.get())) return DAVIT_OK;
    return call->fail(call, DAVIT_E_TIMEOUT,
                      ("process " + std::to_string(process.pid) + " did not end in time").c_str(),
                      nullptr);
}

davit_status on_wait(const davit_host *, const char *identity, davit_call *call) noexcept {
    return serve(call, [&] { return await_end(identity_from(identity), call); });
}

davit_status on_kill(const davit_host *, const char *identity, davit_call *call) noexcept {
    return serve(call, [&]() -> davit_status {
        const ProcessIdentity process = identity_from(identity);
        if (!signal_process(process, SIGKILL)) return DAVIT_OK;
        return await_end(process, call);
    });
}

constexpr davit_host_process table{
    sizeof(davit_host_process), on_run, on_spawn, on_alive, on_wait, on_kill};

}  // namespace

const void *process_service() {
    return &table;
}

}  // namespace davit::host
