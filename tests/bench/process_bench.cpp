// SPDX-License-Identifier: Apache-2.0
// Whole processes, from spawn to exit: what a user waits for. The bare program is the floor.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/module.hpp"
#include "support/temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using davit::host::Json;

// A home with 100 stopped instances, and a folder with 20 plugins that nobody will map.
class Scene {
 public:
    Scene() {
        davit::host::make_private_folder(home());
        for (int i = 0; i < 100; ++i) add_instance("boat-" + std::to_string(i));
        for (int i = 0; i < 20; ++i) add_plugin("driver-" + std::to_string(i));
        ::setenv("DAVIT_HOME", home().c_str(), 1);
    }
    fs::path home() const { return folder_.path() / "home"; }
    fs::path plugins() const { return folder_.path() / "plugins"; }

 private:
    void add_instance(const std::string &name) const {
        const fs::path folder = home() / "scopes/driver-0" / name;
        fs::create_directories(folder);
        const Json record{{"record", 1},
                          {"name", name},
                          {"id", "11111111-1111-4111-8111-111111111111"},
                          {"driver", "driver-0"},
                          {"created", "2026-01-01T00:00:00Z"},
                          {"user", "davit"},
                          {"host_key", "ssh-ed25519 AAAA"},
                          {"image",
                           {{"hash", std::string(64, '0')},
                            {"name", "debian"},
                            {"os", "Debian"},
                            {"release", "12"}}},
                          {"cpus", 1},
                          {"memory", 1073741824},
                          {"disk", 5368709120},
                          {"nics", {{{"mac", "52:54:00:00:00:01"}, {"mode", "default"}}}},
                          {"phase", "stopped"},
                          {"deleted", false}};
        std::ofstream{folder / "record.json"} << record.dump();
    }
    void add_plugin(const std::string &name) const {
        const fs::path folder = plugins() / name;
        fs::create_directories(folder);
        const Json manifest{{"manifest", 1},
                            {"id", "org.example." + name},
                            {"name", name},
                            {"kind", "driver"},
                            {"version", "1.0"},
                            {"sdk", "1.0"},
                            {"library", {{"linux", name + ".so"}}},
                            {"provides",
                             {{"davit.driver/1", Json::object()},
                              {"davit.driver.snapshots/1", {{"live", true}, {"tree", true}}}}}};
        std::ofstream{folder / "plugin.json"} << manifest.dump();
        std::ofstream{folder / (name + ".so")} << "never mapped";
    }

    davit::test::TemporaryFolder folder_;
};

const Scene &scene() {
    static const Scene made;
    return made;
}

// Runs a program to its end with its output thrown away; returns seconds, and its peak memory.
double run(const std::vector<std::string> &words, long &peak_kib) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    std::vector<char *> argv;
    for (const auto &word : words) argv.push_back(const_cast<char *>(word.c_str()));
    argv.push_back(nullptr);
    const auto begin = std::chrono::steady_clock::now();
    pid_t pid = 0;
    if (::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ) != 0) std::abort();
    int status = 0;
    rusage usage{};
    ::wait4(pid, &status, 0, &usage);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0) std::abort();
    peak_kib = usage.ru_maxrss;
    return took.count();
}

void whole_process(benchmark::State &state, const std::vector<std::string> &words) {
    scene();
    long peak_kib = 0;
    run(words, peak_kib);
    for (auto unused : state) {
        (void)unused;
        state.SetIterationTime(run(words, peak_kib));
    }
    state.counters["peak_KiB"] = static_cast<double>(peak_kib);
}

std::string program(const char *name) {
    return (davit::host::installation_prefix() / "bin" / name).string();
}

const int registered = [] {
    const auto add = [](const char *name, std::vector<std::string> words) {
        benchmark::RegisterBenchmark(
            name,
            [words = std::move(words)](benchmark::State &state) { whole_process(state, words); })
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond)
            ->Iterations(100);
    };
    add("process/bare main", {program("davit-bench-bare")});
    const std::string davit = program("davit");
    const std::string plugins = scene().plugins().string();
    add("process/davit version", {davit, "version"});
    add("process/davit list, 100 stopped instances",
        {davit, "--plugin-dir", plugins, "--driver", "driver-0", "list"});
    add("process/davit capabilities, 20 plugins", {davit, "--plugin-dir", plugins, "capabilities"});
    return 0;
}();

}  // namespace
