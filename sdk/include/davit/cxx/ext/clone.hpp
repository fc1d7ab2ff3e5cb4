// SPDX-License-Identifier: Apache-2.0
// A machine that can be copied, in C++.
#ifndef DAVIT_CXX_EXT_CLONE_HPP
#define DAVIT_CXX_EXT_CLONE_HPP

#include "../../ext/clone.h"
#include "../driver.hpp"
#include "../guard.hpp"

namespace davit {
inline namespace v1_0 {

// Base of a machine class whose machines can be copied: davit/ext/clone.h.
class Clone {
 public:
    virtual void clone_into(const std::string &dir, const std::string &spec,
                            Call &call) = 0;  // machine-1.json

 protected:
    ~Clone() = default;
};

namespace detail {

template <typename MachineType>
struct CloneTable {
    static davit_status DAVIT_ABI clone(davit_machine *handle, const char *dir, const char *spec,
                                        davit_call *raw) noexcept {
        return guard_on<MachineType, Clone>(handle, raw, [&](Clone &machine, Call &call) {
            return machine.clone_into(text(dir), text(spec), call);
        });
    }
    static constexpr davit_driver_clone table = {sizeof(davit_driver_clone), clone};
};

}  // namespace detail

}  // namespace v1_0
}  // namespace davit

#endif
