// SPDX-License-Identifier: Apache-2.0
// The script's interpreter.
#include "script.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace scripted {

Script::Script(const Json &document)
    : document_(document), machine_(document.value("machine", Json::object())) {}

Script Script::read() {
    const char *path = std::getenv("DAVIT_SCRIPT");
    if (path == nullptr || *path == '\0') return Script{Json::object()};
    return Script{Json::parse(read_file(path))};
}

const Json &Script::part(const char *verb) const {
    static const Json nothing = Json::object();
    const auto found = document_.find(verb);
    return found == document_.end() ? nothing : *found;
}

void Script::act(const char *verb, davit::Call &call) const {
    const Json &says = part(verb);
    if (says.value("hang", false)) {
        while (true) ::pause();
    }
    if (says.value("crash", false)) {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        std::signal(SIGSEGV, SIG_DFL);
        std::raise(SIGSEGV);
    }
    if (says.contains("exit")) ::_exit(says["exit"].get<int>());
    wait_cancellable(says.value("delay_ms", 0L), call);
    const int steps = says.value("steps", 0);
    for (int step = 0; step < steps; ++step) {
        const std::string phase = says.value("phase", std::string{"working"});
        call.progress(phase.c_str(), static_cast<unsigned>(step), static_cast<unsigned>(steps));
        wait_cancellable(says.value("step_ms", 20L), call);
    }
    if (says.value("throw", false)) throw std::runtime_error(std::string{verb} + " threw");
    if (!says.contains("status")) return;
    throw davit::Error(says["status"].get<davit_status>(), says.value("message", std::string{}),
                       says.value("hint", std::string{}));
}

std::string Script::reply(const char *verb, const Json &truth) const {
    const Json &says = part(verb);
    if (says.contains("reply_text")) return says["reply_text"].get<std::string>();
    if (says.contains("reply")) return says["reply"].dump();
    return truth.dump();
}

void wait_cancellable(long milliseconds, davit::Call &call) {
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + std::chrono::milliseconds{milliseconds};
    while (Clock::now() < until) {
        call.progress();
        const auto left = until - Clock::now();
        std::this_thread::sleep_for(std::min<Clock::duration>(left, std::chrono::milliseconds{10}));
    }
}

std::string read_file(const std::string &path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) throw davit::Error(DAVIT_E_FAILED, "cannot read " + path);
    return {std::istreambuf_iterator<char>{file}, {}};
}

void write_file(const std::string &path, const std::string &text) {
    const std::string temporary = path + ".new";
    std::ofstream file{temporary, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    if (!file) throw davit::Error(DAVIT_E_FAILED, "cannot write " + path);
    std::filesystem::permissions(temporary, std::filesystem::perms{0600});
    std::filesystem::rename(temporary, path);
}

}  // namespace scripted
