// SPDX-License-Identifier: Apache-2.0
// A machine that can keep and bring back earlier states, in C++.
#ifndef DAVIT_CXX_EXT_SNAPSHOTS_HPP
#define DAVIT_CXX_EXT_SNAPSHOTS_HPP

#include "../../ext/snapshots.h"
#include "../driver.hpp"
#include "../guard.hpp"

namespace davit {
inline namespace v1_0 {

// Base of a machine class whose machines have snapshots: davit/ext/snapshots.h.
class Snapshots {
 public:
    virtual void take_snapshot(const std::string &id, Call &call) = 0;
    virtual void restore_snapshot(const std::string &id, Call &call) = 0;
    virtual void remove_snapshot(const std::string &id, Call &call) = 0;
    virtual std::string list_snapshots(Call &call) = 0;  // snapshots-1.json

 protected:
    ~Snapshots() = default;
};

namespace detail {

template <typename MachineType>
struct SnapshotsTable {
    static davit_status DAVIT_ABI take(davit_machine *handle, const char *id,
                                       davit_call *raw) noexcept {
        return guard_on<MachineType, Snapshots>(handle, raw, [&](Snapshots &machine, Call &call) {
            return machine.take_snapshot(text(id), call);
        });
    }
    static davit_status DAVIT_ABI restore(davit_machine *handle, const char *id,
                                          davit_call *raw) noexcept {
        return guard_on<MachineType, Snapshots>(handle, raw, [&](Snapshots &machine, Call &call) {
            return machine.restore_snapshot(text(id), call);
        });
    }
    static davit_status DAVIT_ABI remove(davit_machine *handle, const char *id,
                                         davit_call *raw) noexcept {
        return guard_on<MachineType, Snapshots>(handle, raw, [&](Snapshots &machine, Call &call) {
            return machine.remove_snapshot(text(id), call);
        });
    }
    static davit_status DAVIT_ABI list(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Snapshots>(handle, raw, [&](Snapshots &machine, Call &call) {
            return machine.list_snapshots(call);
        });
    }
    static constexpr davit_driver_snapshots table = {sizeof(davit_driver_snapshots), take, restore,
                                                     remove, list};
};

}  // namespace detail

}  // namespace v1_0
}  // namespace davit

#endif
