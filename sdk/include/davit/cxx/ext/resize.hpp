// SPDX-License-Identifier: Apache-2.0
// A machine that can be resized, in C++.
#ifndef DAVIT_CXX_EXT_RESIZE_HPP
#define DAVIT_CXX_EXT_RESIZE_HPP

#include "../../ext/resize.h"
#include "../driver.hpp"
#include "../guard.hpp"

namespace davit {
inline namespace v1_0 {

// Base of a machine class whose machines can be resized: davit/ext/resize.h.
class Resize {
 public:
    virtual void resize(const std::string &size, Call &call) = 0;  // size-1.json

 protected:
    ~Resize() = default;
};

namespace detail {

template <typename MachineType>
struct ResizeTable {
    static davit_status DAVIT_ABI resize(davit_machine *handle, const char *size,
                                         davit_call *raw) noexcept {
        return guard_on<MachineType, Resize>(handle, raw, [&](Resize &machine, Call &call) {
            return machine.resize(text(size), call);
        });
    }
    static constexpr davit_driver_resize table = {sizeof(davit_driver_resize), resize};
};

}  // namespace detail

}  // namespace v1_0
}  // namespace davit

#endif
