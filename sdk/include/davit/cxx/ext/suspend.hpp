// SPDX-License-Identifier: Apache-2.0
// A machine that can be suspended, in C++.
#ifndef DAVIT_CXX_EXT_SUSPEND_HPP
#define DAVIT_CXX_EXT_SUSPEND_HPP

#include "../../ext/suspend.h"
#include "../driver.hpp"
#include "../guard.hpp"

namespace davit {
inline namespace v1_0 {

// Base of a machine class whose machines can be suspended: davit/ext/suspend.h.
class Suspend {
 public:
    virtual void suspend(Call &call) = 0;
    virtual void discard(Call &call) = 0;  // the saved state

 protected:
    ~Suspend() = default;
};

namespace detail {

template <typename MachineType>
struct SuspendTable {
    static davit_status DAVIT_ABI suspend(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Suspend>(
            handle, raw, [&](Suspend &machine, Call &call) { return machine.suspend(call); });
    }
    static davit_status DAVIT_ABI discard(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Suspend>(
            handle, raw, [&](Suspend &machine, Call &call) { return machine.discard(call); });
    }
    static constexpr davit_driver_suspend table = {sizeof(davit_driver_suspend), suspend, discard};
};

}  // namespace detail

}  // namespace v1_0
}  // namespace davit

#endif
