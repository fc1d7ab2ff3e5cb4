// SPDX-License-Identifier: Apache-2.0
// What a plugin costs: loading and verifying one against a bare dlopen(3) of the same file, and a
// call across the border against a virtual call.
#include <benchmark/benchmark.h>
#include <dlfcn.h>

#include <memory>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "plugins/driver.hpp"
#include "plugins/loader.hpp"
#include "support/temporary_folder.hpp"

namespace davit::host {
namespace {

constexpr int loads = 200;

class Unseen : public Progress {
 public:
    void step(const std::string &, std::uint64_t, std::uint64_t) override {}
    void note(const std::string &) override {}
    void done() override {}
};

// The same plugin many times, in files of its own each: a file that is mapped already costs
// nothing.
class Copies {
 public:
    Copies() {
        for (int i = 0; i < loads; ++i) fs::copy(DAVIT_BENCH_PLUGIN, folder(i));
    }
    fs::path folder(int i) const { return place_.path() / std::to_string(i); }

 private:
    test::TemporaryFolder place_;
};

void bare_dlopen(benchmark::State &state) {
    const Copies copies;
    int i = 0;
    std::vector<std::string> libraries;
    for (; i < loads; ++i) libraries.push_back(read_manifest(copies.folder(i)).library_path());
    auto library = libraries.begin();
    for (auto unused : state) {
        (void)unused;
        void *handle = ::dlopen(library++->c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!handle || !::dlsym(handle, DAVIT_ENTRY_SYMBOL)) std::abort();
    }
}

void load_and_verify(benchmark::State &state) {
    const Copies copies;
    int i = 0;
    for (auto unused : state) {
        (void)unused;
        benchmark::DoNotOptimize(&map_plugin(read_manifest(copies.folder(i++))));
    }
}

Driver &driver() {
    static Unseen progress;
    static const Cancel cancel;
    return load_driver(read_manifest(DAVIT_BENCH_PLUGIN), progress, cancel);
}

// What the host would do without a border: an interface in the same program.
class Interface {
 public:
    virtual ~Interface() = default;
    virtual void start(const CallOptions &call) = 0;
};
class Local : public Interface {
 public:
    void start(const CallOptions &call) override { benchmark::DoNotOptimize(&call); }
};

void virtual_call(benchmark::State &state) {
    Unseen progress;
    const Cancel cancel;
    const CallOptions call{Deadline::never(), cancel, progress};
    const std::unique_ptr<Interface> object = std::make_unique<Local>();
    Interface *opaque = object.get();
    benchmark::DoNotOptimize(opaque);
    for (auto unused : state) {
        (void)unused;
        opaque->start(call);
    }
}

void border_call(benchmark::State &state) {
    Unseen progress;
    const Cancel cancel;
    const CallOptions call{Deadline::never(), cancel, progress};
    test::TemporaryFolder folder;
    const std::unique_ptr<Machine> machine = driver().open(folder.path(), call);
    for (auto unused : state) {
        (void)unused;
        machine->start(call);
    }
}

BENCHMARK(bare_dlopen)
    ->Name("plugin/bare dlopen")
    ->Iterations(loads)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(load_and_verify)
    ->Name("plugin/load and verify")
    ->Iterations(loads)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(virtual_call)->Name("call/virtual");
BENCHMARK(border_call)->Name("call/across the border");

}  // namespace
}  // namespace davit::host
