// SPDX-License-Identifier: Apache-2.0
// The plugin's one object, made by start() and gone after stop().
#ifndef DAVIT_CXX_RUNNING_HPP
#define DAVIT_CXX_RUNNING_HPP

#include <memory>
#include <type_traits>

#include "guard.hpp"
#include "host_access.hpp"

namespace davit {
inline namespace v1_0 {
namespace detail {

// The border's start() and stop() have no handle, so the object must live here. A plain pointer: a
// process that ends without stop() must not run destructors that use a host which is gone.
template <typename Object>
struct Running {
    static inline Object *object = nullptr;

    static davit_status DAVIT_ABI start(const davit_host *host, davit_call *raw) noexcept {
        static_assert(std::is_abstract_v<Object> || std::is_constructible_v<Object, Host>,
                      "a driver or mount class needs a constructor that takes a davit::Host");
        return guard(raw, [&](Call &) { object = std::make_unique<Object>(Host(host)).release(); });
    }
    static void DAVIT_ABI stop() noexcept {
        delete object;
        object = nullptr;
    }
};

// guard() for a function that has no handle: `work(object, call)`, where the object is the
// `Interface` of the running `Object`.
template <typename Object, typename Interface, typename Work>
davit_status guard_running(davit_call *raw, Work work) noexcept {
    return guard_on<Object, Interface>(Running<Object>::object, raw, work);
}

// Hands a new object to the host, who closes it.
template <typename Handle, typename Object>
void hand_over(std::unique_ptr<Object> object, Handle **handle, Call &call) {
    if (object == nullptr && call.status() == DAVIT_OK)
        call.fail(DAVIT_E_FAILED, "the plugin opened nothing and did not say why");
    if (call.status() == DAVIT_OK) *handle = reinterpret_cast<Handle *>(object.release());
}

}  // namespace detail
}  // namespace v1_0
}  // namespace davit

#endif
