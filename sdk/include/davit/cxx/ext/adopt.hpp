// SPDX-License-Identifier: Apache-2.0
// A driver that takes over the machines of another, in C++.
#ifndef DAVIT_CXX_EXT_ADOPT_HPP
#define DAVIT_CXX_EXT_ADOPT_HPP

#include "../../ext/adopt.h"
#include "../running.hpp"

namespace davit {
inline namespace v1_0 {

// Base of a driver class that can take over machines of other scopes: davit/ext/adopt.h.
class Adopt {
 public:
    virtual void adopt(const std::string &from, const std::string &old_dir, const std::string &dir,
                       const std::string &spec, Call &call) = 0;

 protected:
    ~Adopt() = default;
};

namespace detail {

template <typename DriverType>
struct AdoptTable {
    static davit_status DAVIT_ABI adopt(const char *from, const char *old_dir, const char *dir,
                                        const char *spec, davit_call *raw) noexcept {
        return guard_running<DriverType, Adopt>(raw, [&](Adopt &driver, Call &call) {
            driver.adopt(text(from), text(old_dir), text(dir), text(spec), call);
        });
    }
    static constexpr davit_driver_adopt table = {sizeof(davit_driver_adopt), adopt};
};

}  // namespace detail

}  // namespace v1_0
}  // namespace davit

#endif
