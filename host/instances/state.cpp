// SPDX-License-Identifier: Apache-2.0
// Observation of instances.
#include "instances/state.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "instances/delayed_stop.hpp"
#include "output/format.hpp"

namespace davit::host {
namespace {

constexpr const char *inspect_reply = "the driver's answer";

fs::path user_key_file(Services &services) {
    return services.home() / "keys" / "id_ed25519";
}

Observation from_machine(const Json &machine, const Record &record, bool busy, bool delayed) {
    Observation seen;
    seen.machine = machine;
    seen.reason = member_or<std::string>(machine, "reason", "", inspect_reply);
    const auto state = member<std::string>(machine, "state", inspect_reply);
    if (state == "stopped") {
        seen.state = State::stopped;
    } else if (state == "suspended") {
        seen.state = State::suspended;
    } else if (state != "running") {
        seen.state = State::unknown;
        if (seen.reason.empty()) seen.reason = "the driver says \"" + state + "\"";
    } else if (record.phase == Phase::starting) {
        seen.state = busy ? State::starting : State::unknown;
        if (!busy) {
            seen.reason = "its guest has not answered yet";
            seen.hint = "wait for it: davit start " + record.name;
        }
    } else {
        seen.state = delayed ? State::delayed_stop : State::running;
    }
    return seen;
}

Observation half_made(const Record &record, bool busy) {
    Observation seen;
    seen.state = busy ? State::starting : State::unknown;
    if (!busy) {
        seen.reason = "its launch was interrupted";
        seen.hint = "clean up: davit delete --purge " + record.name;
    }
    return seen;
}

Error not_installed(const Record &record) {
    return {"driver-not-installed",
            "instance \"" + record.name + "\" belongs to the driver \"" + record.driver +
                "\", which is not installed",
            "install the driver again; the instance is kept", ExitCode::unavailable};
}

}  // namespace

std::string state_name(State state) {
    switch (state) {
        case State::running:
            return "Running";
        case State::stopped:
            return "Stopped";
        case State::starting:
            return "Starting";
        case State::delayed_stop:
            return "Delayed Shutdown";
        case State::suspended:
            return "Suspended";
        case State::unavailable:
            return "Unavailable";
        case State::deleted:
            return "Deleted";
        case State::unknown:
            break;
    }
    return "Unknown";
}

CallOptions call_options(Services &services, Milliseconds patience) {
    return {Deadline::after(patience), services.cancel(), services.progress()};
}

std::unique_ptr<Machine> open_machine(Services &services, const Record &record,
                                      const InstanceFolder &folder) {
    const Manifest *manifest = nullptr;
    try {
        manifest = &services.plugins().find(PluginKind::driver, record.driver);
    } catch (const Error &error) {
        if (error.id() == "driver-unknown") throw not_installed(record);
        throw;
    }
    return load_driver(*manifest, services.progress(), services.cancel())
        .open(folder.machine(), call_options(services, inspect_patience));
}

Observation observe(Services &services, const InstanceStore &store,
                    const StoredInstance &instance) {
    if (!instance.record) {
        return {State::unknown, instance.unreadable->message(), instance.unreadable->hint(),
                nullptr};
    }
    const Record &record = *instance.record;
    if (record.deleted) return {State::deleted, "", "", nullptr};
    if (record.phase == Phase::creating) return half_made(record, store.busy(record.name));
    const auto &plugins = services.plugins().all();
    if (std::none_of(plugins.begin(), plugins.end(), [&](const Manifest &plugin) {
            return plugin.kind == PluginKind::driver && plugin.name == record.driver;
        })) {
        return {State::unavailable, "driver " + record.driver + " is not installed",
                "install it again; the instance is kept", nullptr};
    }
    if (record.phase == Phase::stopped) return {State::stopped, "", "", nullptr};
    try {
        const auto machine = open_machine(services, record, instance.folder);
        const Json reply = machine->inspect(call_options(services, inspect_patience));
        const bool busy = record.phase == Phase::starting && store.busy(record.name);
        return from_machine(reply, record, busy, delayed_stop_pending(instance.folder));
    } catch (const Error &error) {
        if (error.code() == ExitCode::interrupted) throw;
        return {State::unknown, error.message(), error.hint(), nullptr};
    }
}

std::optional<GuestAddress> guest_address(Services &services, const Record &record,
                                          const Json &machine) {
    const Json ssh = member_or<Json>(machine, "ssh", nullptr, inspect_reply);
    if (ssh.is_null()) return std::nullopt;
    const auto port = member<std::uint64_t>(ssh, "port", inspect_reply);
    if (port == 0 || port > 65535) {
        throw Error{"driver-failed",
                    "the driver names the impossible port " + std::to_string(port)};
    }
    return GuestAddress{member<std::string>(ssh, "host", inspect_reply),
                        static_cast<std::uint16_t>(port),
                        member_or<std::string>(ssh, "user", record.user, inspect_reply),
                        user_key_file(services), record.host_key};
}

KeyPair user_key(Services &services) {
    const fs::path file = user_key_file(services);
    constexpr std::size_t cap = 65536;
    make_private_folder(file.parent_path());
    const FileLock lock = FileLock::acquire(
        file.parent_path() / "lock", Deadline::after(std::chrono::seconds{30}), services.cancel());
    auto secret = read_file(file, cap);
    auto open = read_file(file.string() + ".pub", cap);
    if (secret && open) return {*secret, *open};
    // The public half is written last: without it nobody has used the pair yet.
    KeyPair pair = guest_module().make_key("davit");
    write_file(file, pair.private_key);
    write_file(file.string() + ".pub", pair.public_key);
    return pair;
}

std::string console_tail(const Json &machine) {
    constexpr off_t last_bytes = 4096;
    constexpr std::size_t last_lines = 20;
    const auto path = member_or<std::string>(machine, "console", "", inspect_reply);
    Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status {};
    if (path.empty() || !fd.open() || ::fstat(fd.get(), &status) != 0) return "";
    std::string bytes(static_cast<std::size_t>(last_bytes), '\0');
    const ssize_t got = ::pread(fd.get(), bytes.data(), bytes.size(),
                                std::max<off_t>(0, status.st_size - last_bytes));
    if (got <= 0) return "";
    bytes.resize(static_cast<std::size_t>(got));
    std::erase(bytes, '\r');
    while (!bytes.empty() && bytes.back() == '\n') bytes.pop_back();
    std::size_t at = bytes.size();
    for (std::size_t line = 0; line < last_lines && at != std::string::npos && at > 0; ++line) {
        at = bytes.rfind('\n', at - 1);
    }
    return at == std::string::npos ? bytes : bytes.substr(at == 0 ? 0 : at + 1);
}

}  // namespace davit::host
