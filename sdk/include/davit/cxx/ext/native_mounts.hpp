// SPDX-License-Identifier: Apache-2.0
// A machine that can be given shares, in C++.
#ifndef DAVIT_CXX_EXT_NATIVE_MOUNTS_HPP
#define DAVIT_CXX_EXT_NATIVE_MOUNTS_HPP

#include "../../ext/native_mounts.h"
#include "../driver.hpp"
#include "../guard.hpp"

namespace davit {
inline namespace v1_0 {

// Base of a machine class whose machines can be given shares: davit/ext/native_mounts.h.
class NativeMounts {
 public:
    virtual std::string add_share(const std::string &share,
                                  Call &call) = 0;  // share-1.json; returns share-access-1.json
    virtual void remove_share(const std::string &id, Call &call) = 0;

 protected:
    ~NativeMounts() = default;
};

namespace detail {

template <typename MachineType>
struct NativeMountsTable {
    static davit_status DAVIT_ABI add(davit_machine *handle, const char *share,
                                      davit_call *raw) noexcept {
        return guard_on<MachineType, NativeMounts>(handle, raw,
                                                   [&](NativeMounts &machine, Call &call) {
                                                       return machine.add_share(text(share), call);
                                                   });
    }
    static davit_status DAVIT_ABI remove(davit_machine *handle, const char *id,
                                         davit_call *raw) noexcept {
        return guard_on<MachineType, NativeMounts>(handle, raw,
                                                   [&](NativeMounts &machine, Call &call) {
                                                       return machine.remove_share(text(id), call);
                                                   });
    }
    static constexpr davit_driver_native_mounts table = {sizeof(davit_driver_native_mounts), add,
                                                         remove};
};

}  // namespace detail

}  // namespace v1_0
}  // namespace davit

#endif
