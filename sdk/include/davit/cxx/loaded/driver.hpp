// SPDX-License-Identifier: Apache-2.0
// A loaded driver and its machines: documents in, documents out, Error thrown.
#ifndef DAVIT_CXX_LOADED_DRIVER_HPP
#define DAVIT_CXX_LOADED_DRIVER_HPP

#include <memory>
#include <optional>

#include "../../driver.h"
#include "capabilities.hpp"
#include "plugin.hpp"

namespace davit {
inline namespace v1_0 {
namespace loaded {

// An open machine, closed with this object. davit/driver.h says what each function promises; only
// inspect() is [thread-safe]. A capability that its accessor does not return cannot be called.
class Machine {
 public:
    Machine(const Plugin &plugin, const davit_driver &table, davit_machine *handle)
        : plugin_(plugin),
          table_(&table),
          handle_(handle, Close{function_of(table, &davit_driver::close)}) {}

    std::string inspect(const CallOptions &o) const { return call(&davit_driver::inspect, o); }
    void start(const CallOptions &o) { call(&davit_driver::start, o); }
    void stop(std::int32_t how, const CallOptions &o) { call(&davit_driver::stop, o, how); }
    void remove(const CallOptions &o) { call(&davit_driver::remove, o); }

    std::optional<Suspend> suspend() { return capability<Suspend>(DAVIT_DRIVER_SUSPEND); }
    std::optional<Snapshots> snapshots() { return capability<Snapshots>(DAVIT_DRIVER_SNAPSHOTS); }
    std::optional<Networks> networks() { return capability<Networks>(DAVIT_DRIVER_NETWORKS); }
    std::optional<NativeMounts> native_mounts() {
        return capability<NativeMounts>(DAVIT_DRIVER_NATIVE_MOUNTS);
    }
    std::optional<Clone> clone() { return capability<Clone>(DAVIT_DRIVER_CLONE); }
    std::optional<Resize> resize() { return capability<Resize>(DAVIT_DRIVER_RESIZE); }

 private:
    struct Close {
        void(DAVIT_ABI *close)(davit_machine *);
        void operator()(davit_machine *machine) const {
            if (close != nullptr) close(machine);
        }
    };

    template <typename Function, typename... Rest>
    std::string call(Function davit_driver::*member, const CallOptions &o, Rest... rest) const {
        return invoke(*table_, member, o, handle_.get(), rest...);
    }

    template <typename Capability>
    std::optional<Capability> capability(const char *id) {
        const auto *table = plugin_.table<typename Capability::table_type>(id);
        if (table == nullptr) return std::nullopt;
        return Capability(*table, handle_.get());
    }

    Plugin plugin_;
    const davit_driver *table_;
    std::unique_ptr<davit_machine, Close> handle_;
};

// A driver; a value that refers to its tables.
class Driver {
 public:
    // Throws DAVIT_E_UNSUPPORTED if the plugin is no driver.
    explicit Driver(const Plugin &plugin)
        : plugin_(plugin), table_(plugin.table<davit_driver>(DAVIT_DRIVER)) {
        if (table_ == nullptr) throw Error(DAVIT_E_UNSUPPORTED, "the plugin is no driver");
    }

    std::string probe(const CallOptions &o) const {
        return invoke(*table_, &davit_driver::probe, o);
    }
    void create(const std::string &dir, const std::string &spec, const CallOptions &o) const {
        invoke(*table_, &davit_driver::create, o, dir.c_str(), spec.c_str());
    }
    Machine open(const std::string &dir, const CallOptions &o) const {
        davit_machine *machine = nullptr;
        invoke(*table_, &davit_driver::open, o, dir.c_str(), &machine);
        if (machine == nullptr) throw Error(DAVIT_E_FAILED, "the plugin opened nothing");
        return Machine(plugin_, *table_, machine);
    }

    std::optional<NetworkList> networks() const {
        const auto *table = plugin_.table<davit_driver_networks>(DAVIT_DRIVER_NETWORKS);
        return table == nullptr ? std::nullopt : std::optional(NetworkList(*table));
    }
    std::optional<Adopt> adopt() const {
        const auto *table = plugin_.table<davit_driver_adopt>(DAVIT_DRIVER_ADOPT);
        return table == nullptr ? std::nullopt : std::optional(Adopt(*table));
    }

 private:
    Plugin plugin_;
    const davit_driver *table_;
};

}  // namespace loaded
}  // namespace v1_0
}  // namespace davit

#endif
