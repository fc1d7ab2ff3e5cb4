// SPDX-License-Identifier: Apache-2.0
// Driver and Machine over the tables of a loaded plugin.
#include "plugins/driver.hpp"

#include <map>
#include <mutex>

#include "plugins/border.hpp"
#include "plugins/loader.hpp"
#include "plugins/replies.hpp"

namespace davit::host {
namespace {

class PluginMachine : public Machine {
 public:
    PluginMachine(const Manifest &manifest, davit::loaded::Machine machine)
        : manifest_(manifest), machine_(std::move(machine)) {}

    Json inspect(const CallOptions &call) override {
        const std::string text = call_plugin(
            manifest_, call, [&](const auto &options) { return machine_.inspect(options); });
        Json reply = border_reply(manifest_, "inspect", text);
        if (const auto fault = inspect_fault(reply)) {
            throw border_bad_reply(manifest_, "inspect", *fault);
        }
        return reply;
    }
    void start(const CallOptions &call) override {
        call_plugin(manifest_, call, [&](const auto &options) { machine_.start(options); });
    }
    void stop(StopHow how, const CallOptions &call) override {
        const auto code = how == StopHow::force ? DAVIT_STOP_FORCE : DAVIT_STOP_GRACEFUL;
        call_plugin(manifest_, call, [&](const auto &options) { machine_.stop(code, options); });
    }
    void remove(const CallOptions &call) override {
        call_plugin(manifest_, call, [&](const auto &options) { machine_.remove(options); });
    }

 private:
    const Manifest &manifest_;
    davit::loaded::Machine machine_;
};

class PluginDriver : public Driver {
 public:
    explicit PluginDriver(const Plugin &plugin)
        : manifest_(plugin.manifest()), driver_(plugin.tables()) {}

    const Manifest &manifest() const override { return manifest_; }

    Json probe(const CallOptions &call) override {
        const std::string text = call_plugin(
            manifest_, call, [&](const auto &options) { return driver_.probe(options); });
        Json reply = border_reply(manifest_, "probe", text);
        if (const auto fault = probe_fault(reply, manifest_)) {
            throw border_bad_reply(manifest_, "probe", *fault);
        }
        return reply;
    }
    void create(const std::filesystem::path &folder, const Json &spec,
                const CallOptions &call) override {
        call_plugin(manifest_, call, [&](const auto &options) {
            driver_.create(folder.string(), json_out(spec), options);
        });
    }
    std::unique_ptr<Machine> open(const std::filesystem::path &folder,
                                  const CallOptions &call) override {
        return call_plugin(manifest_, call, [&](const auto &options) {
            return std::make_unique<PluginMachine>(manifest_,
                                                   driver_.open(folder.string(), options));
        });
    }

 private:
    const Manifest &manifest_;
    davit::loaded::Driver driver_;
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
