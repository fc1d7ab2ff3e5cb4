// SPDX-License-Identifier: Apache-2.0
// Driver and Machine over the tables of a loaded plugin.
#include "plugins/driver.hpp"

#include <davit/driver.h>

#include <map>
#include <mutex>

#include "plugins/border.hpp"
#include "plugins/loader.hpp"
#include "plugins/replies.hpp"

namespace davit::host {
namespace {

class PluginMachine : public Machine {
 public:
    PluginMachine(const Manifest &manifest, const davit_driver &driver, davit_machine *machine)
        : manifest_(manifest), driver_(driver), machine_(machine) {}
    ~PluginMachine() override { driver_.close(machine_); }
    PluginMachine(const PluginMachine &) = delete;
    PluginMachine &operator=(const PluginMachine &) = delete;

    Json inspect(const CallOptions &options) override {
        BorderCall border{options, manifest_};
        border.run([&](davit_call *call) { return driver_.inspect(machine_, call); });
        Json reply = border.reply("inspect");
        if (const auto fault = inspect_fault(reply)) throw border.bad_reply("inspect", *fault);
        return reply;
    }
    void start(const CallOptions &options) override {
        BorderCall{options, manifest_}.run(
            [&](davit_call *call) { return driver_.start(machine_, call); });
    }
    void stop(StopHow how, const CallOptions &options) override {
        const int32_t code = how == StopHow::force ? DAVIT_STOP_FORCE : DAVIT_STOP_GRACEFUL;
        BorderCall{options, manifest_}.run(
            [&](davit_call *call) { return driver_.stop(machine_, code, call); });
    }
    void remove(const CallOptions &options) override {
        BorderCall{options, manifest_}.run(
            [&](davit_call *call) { return driver_.remove(machine_, call); });
    }

 private:
    const Manifest &manifest_;
    const davit_driver &driver_;
    davit_machine *machine_;
};

class PluginDriver : public Driver {
 public:
    explicit PluginDriver(const Plugin &plugin)
        : plugin_(plugin), driver_(*plugin.table<davit_driver>(DAVIT_DRIVER)) {}

    const Manifest &manifest() const override { return plugin_.manifest(); }

    Json probe(const CallOptions &options) override {
        BorderCall border{options, manifest()};
        border.run([&](davit_call *call) { return driver_.probe(call); });
        Json reply = border.reply("probe");
        if (const auto fault = probe_fault(reply, manifest())) {
            throw border.bad_reply("probe", *fault);
        }
        return reply;
    }
    void create(const std::filesystem::path &folder, const Json &spec,
                const CallOptions &options) override {
        const std::string text = json_out(spec);
        BorderCall{options, manifest()}.run(
            [&](davit_call *call) { return driver_.create(folder.c_str(), text.c_str(), call); });
    }
    std::unique_ptr<Machine> open(const std::filesystem::path &folder,
                                  const CallOptions &options) override {
        BorderCall border{options, manifest()};
        davit_machine *machine = nullptr;
        border.run([&](davit_call *call) { return driver_.open(folder.c_str(), &machine, call); });
        if (!machine) throw border.bad_reply("open", "it succeeded without a machine");
        return std::make_unique<PluginMachine>(manifest(), driver_, machine);
    }

 private:
    const Plugin &plugin_;
    const davit_driver &driver_;
};

}  // namespace

Driver &load_driver(const Manifest &manifest, Progress &progress, const Cancel &cancel) {
    constexpr Milliseconds patience{std::chrono::seconds{30}};
    Plugin &plugin = load_plugin(manifest, {Deadline::after(patience), cancel, progress});
    static std::mutex mutex;
    static auto &drivers = *new std::map<Plugin *, PluginDriver>;  // as long-lived as the plugins
    const std::lock_guard lock{mutex};
    return drivers.try_emplace(&plugin, plugin).first->second;
}

}  // namespace davit::host
