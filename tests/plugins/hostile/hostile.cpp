// SPDX-License-Identifier: Apache-2.0
// A driver that commits one fault, named by DAVIT_FAULT when it is compiled; "none" is flawless.
#include <davit/driver.h>
#include <davit/ext/snapshots.h>
#include <davit/ext/suspend.h>
#include <davit/plugin.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "davit_manifest.h"

namespace {

constexpr bool fault(std::string_view name) {
    return name == DAVIT_FAULT;
}

[[noreturn]] void hang() {
    while (true) ::pause();
}

void crash() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
}

[[maybe_unused]] const int constructed = [] {
    if (fault("constructor-crashes")) crash();
    if (fault("constructor-exits")) ::_exit(0);
    if (fault("constructor-hangs")) hang();
    return 0;
}();

// A child that outlives the probe and keeps every descriptor open.
void leave_child() {
    if (::fork() == 0) hang();
}

davit_status answer(davit_call *call, std::string_view json) {
    call->reply(call, json.data(), json.size());
    return DAVIT_OK;
}

davit_status probe(davit_call *call) {
    if (fault("probe-throws")) throw 42;
    if (fault("probe-hangs")) hang();
    if (fault("probe-crashes")) crash();
    if (fault("probe-aborts")) std::abort();
    if (fault("probe-exits-0")) std::_Exit(0);
    if (fault("probe-exits-3")) std::_Exit(3);
    if (fault("probe-chatters")) {
        for (int i = 0; i < 100000; ++i) std::puts("{\"reply\": \"chatter\"}");
        std::fflush(stdout);
    }
    if (fault("probe-reply-no-json")) return answer(call, "hello");
    if (fault("probe-reply-wrong")) return answer(call, "{\"version\": 7}");
    if (fault("probe-reply-huge")) {
        for (int i = 0; i < 16 << 10; ++i) answer(call, std::string_view{davit_manifest});
    }
    if (fault("probe-writes-to-reply-fd")) {
        [[maybe_unused]] const auto written = ::write(3, "garbage", 7);
    }
    if (fault("probe-leaves-child")) leave_child();
    if (fault("probe-refuses")) {
        return call->fail(call, DAVIT_E_UNAVAILABLE, "the hypervisor is missing", "install it");
    }
    return answer(call, "{\"version\": \"1\"}");
}

davit_status create(const char *, const char *, davit_call *) {
    if (fault("create-throws")) throw 42;
    return DAVIT_OK;
}
davit_status open(const char *, davit_machine **machine, davit_call *) {
    static int something;
    if (!fault("open-null")) *machine = reinterpret_cast<davit_machine *>(&something);
    return DAVIT_OK;
}
void close(davit_machine *) {}
davit_status verb(davit_machine *, davit_call *) {
    return DAVIT_OK;
}
davit_status stop_machine(davit_machine *, int32_t, davit_call *) {
    return DAVIT_OK;
}

constexpr davit_driver driver{fault("capability-short")  ? sizeof(davit_driver) - 1
                              : fault("capability-long") ? (std::size_t{64} << 10) + 1
                                                         : sizeof(davit_driver),
                              probe,
                              create,
                              open,
                              fault("capability-null") ? nullptr : close,
                              verb,
                              verb,
                              stop_machine,
                              fault("capability-null-last") ? nullptr : verb};

constexpr davit_driver_suspend suspend{sizeof(davit_driver_suspend), verb, verb};

// Tables as a later SDK might have them.
struct NewerDriver {
    davit_driver known = driver;
    void *unknown[8] = {};
};
constexpr NewerDriver make_newer() {
    NewerDriver newer;
    newer.known.struct_size = sizeof(NewerDriver);
    return newer;
}
constexpr NewerDriver newer_driver = make_newer();

const void *get(const char *id) {
    const std::string_view wanted{id};
    if (fault("get-throws")) throw 42;
    if (wanted == DAVIT_DRIVER) {
        return fault("newer") ? static_cast<const void *>(&newer_driver) : &driver;
    }
    if (wanted == DAVIT_DRIVER_SUSPEND && fault("capability-undeclared")) return &suspend;
    if (wanted == "com.example.gpu/1" && fault("foreign-id")) return &suspend;
    return nullptr;
}

davit_status start(const davit_host *, davit_call *call) {
    if (fault("start-throws")) throw 42;
    if (fault("start-hangs")) hang();
    if (fault("start-fails")) {
        return call->fail(call, DAVIT_E_UNAVAILABLE, "the licence has expired", "buy another");
    }
    return DAVIT_OK;
}

void stop() {
    if (fault("stop-hangs")) hang();
}

constexpr davit_plugin plugin{
    fault("table-short")  ? sizeof(davit_plugin) - 1
    : fault("table-long") ? (std::size_t{64} << 10) + 1
    : fault("newer")      ? sizeof(davit_plugin) + 64
                          : sizeof(davit_plugin),
    fault("sdk-major") ? DAVIT_SDK_MAJOR + 1 : DAVIT_SDK_MAJOR,
    fault("newer") ? DAVIT_SDK_MINOR + 7 : DAVIT_SDK_MINOR,
    fault("manifest-null")      ? nullptr
    : fault("manifest-differs") ? "{}"
                                : davit_manifest,
    fault("start-null") ? nullptr : start,
    fault("stop-null") ? nullptr : stop,
    fault("get-null") ? nullptr : get,
};

}  // namespace

#ifndef DAVIT_NO_ENTRY
DAVIT_EXPORT const davit_plugin *davit_plugin_v1(void) {
    if (fault("entry-throws")) throw 42;
    return fault("entry-null") ? nullptr : &plugin;
}
#else
// What a library calls that is missing, or that has the entry which this one lacks.
extern "C" int davit_hostile_dependency(void);
[[maybe_unused]] DAVIT_VISIBLE int used = davit_hostile_dependency();
namespace {
[[maybe_unused]] const davit_plugin *unreachable = &plugin;
}
#endif
