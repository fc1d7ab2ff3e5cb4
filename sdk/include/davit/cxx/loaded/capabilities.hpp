// SPDX-License-Identifier: Apache-2.0
// The capabilities of a loaded driver and of its machines, each a small object that calls one
// table.
#ifndef DAVIT_CXX_LOADED_CAPABILITIES_HPP
#define DAVIT_CXX_LOADED_CAPABILITIES_HPP

#include "../../ext/adopt.h"
#include "../../ext/clone.h"
#include "../../ext/native_mounts.h"
#include "../../ext/networks.h"
#include "../../ext/resize.h"
#include "../../ext/snapshots.h"
#include "../../ext/suspend.h"
#include "invoke.hpp"

namespace davit {
inline namespace v1_0 {
namespace loaded {

// What a capability of a machine is made of. Valid as long as the Machine that it came from.
template <typename Table>
class MachineCapability {
 public:
    using table_type = Table;
    MachineCapability(const Table &table, davit_machine *machine)
        : table_(&table), machine_(machine) {}

 protected:
    template <typename Function, typename... Arguments>
    std::string call(Function Table::*member, const CallOptions &options, Arguments... rest) const {
        return invoke(*table_, member, options, machine_, rest...);
    }

 private:
    const Table *table_;
    davit_machine *machine_;
};

class Suspend : public MachineCapability<davit_driver_suspend> {
 public:
    using MachineCapability::MachineCapability;
    void suspend(const CallOptions &o) const { call(&davit_driver_suspend::suspend, o); }
    void discard(const CallOptions &o) const { call(&davit_driver_suspend::discard, o); }
};

class Snapshots : public MachineCapability<davit_driver_snapshots> {
 public:
    using MachineCapability::MachineCapability;
    void take(const std::string &id, const CallOptions &o) const {
        call(&davit_driver_snapshots::take, o, id.c_str());
    }
    void restore(const std::string &id, const CallOptions &o) const {
        call(&davit_driver_snapshots::restore, o, id.c_str());
    }
    void remove(const std::string &id, const CallOptions &o) const {
        call(&davit_driver_snapshots::remove, o, id.c_str());
    }
    std::string list(const CallOptions &o) const { return call(&davit_driver_snapshots::list, o); }
};

class Networks : public MachineCapability<davit_driver_networks> {
 public:
    using MachineCapability::MachineCapability;
    void connect(const std::string &nic, const CallOptions &o) const {
        call(&davit_driver_networks::connect, o, nic.c_str());
    }
    void disconnect(const std::string &mac, const CallOptions &o) const {
        call(&davit_driver_networks::disconnect, o, mac.c_str());
    }
};

class NativeMounts : public MachineCapability<davit_driver_native_mounts> {
 public:
    using MachineCapability::MachineCapability;
    std::string add(const std::string &share, const CallOptions &o) const {
        return call(&davit_driver_native_mounts::add, o, share.c_str());
    }
    void remove(const std::string &id, const CallOptions &o) const {
        call(&davit_driver_native_mounts::remove, o, id.c_str());
    }
};

class Clone : public MachineCapability<davit_driver_clone> {
 public:
    using MachineCapability::MachineCapability;
    void clone_into(const std::string &dir, const std::string &spec, const CallOptions &o) const {
        call(&davit_driver_clone::clone, o, dir.c_str(), spec.c_str());
    }
};

class Resize : public MachineCapability<davit_driver_resize> {
 public:
    using MachineCapability::MachineCapability;
    void resize(const std::string &size, const CallOptions &o) const {
        call(&davit_driver_resize::resize, o, size.c_str());
    }
};

// The networks of this computer, for a driver whose machines have Networks.
class NetworkList {
 public:
    explicit NetworkList(const davit_driver_networks &table) : table_(&table) {}
    std::string list(const CallOptions &o) const {
        return invoke(*table_, &davit_driver_networks::list, o);
    }

 private:
    const davit_driver_networks *table_;
};

class Adopt {
 public:
    explicit Adopt(const davit_driver_adopt &table) : table_(&table) {}
    void adopt(const std::string &from, const std::string &old_dir, const std::string &dir,
               const std::string &spec, const CallOptions &o) const {
        invoke(*table_, &davit_driver_adopt::adopt, o, from.c_str(), old_dir.c_str(), dir.c_str(),
               spec.c_str());
    }

 private:
    const davit_driver_adopt *table_;
};

}  // namespace loaded
}  // namespace v1_0
}  // namespace davit

#endif
