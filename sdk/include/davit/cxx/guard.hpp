// SPDX-License-Identifier: Apache-2.0
// The one place where the exceptions of a plugin become statuses.
#ifndef DAVIT_CXX_GUARD_HPP
#define DAVIT_CXX_GUARD_HPP

#include <new>
#include <system_error>
#include <type_traits>

#include "call.hpp"

namespace davit {
inline namespace v1_0 {
namespace detail {

#if DAVIT_CXX_EXCEPTIONS
inline davit_status status_of(const std::system_error &error) {
    if (error.code() == std::errc::no_space_on_device) return DAVIT_E_NO_SPACE;
    return DAVIT_E_FAILED;
}

// Tells the call what was thrown. Allocates nothing, because that may be what failed.
inline void fail_with_current_exception(Call &call) noexcept {
    try {
        throw;
    } catch (const Error &error) {
        call.fail(error.status(), error.what(), error.hint().c_str());
    } catch (const std::bad_alloc &) {
        call.fail(DAVIT_E_FAILED, "there is not enough memory");
    } catch (const std::system_error &error) {
        call.fail(status_of(error), error.what());
    } catch (const std::exception &error) {
        call.fail(DAVIT_E_FAILED, error.what());
    } catch (...) {
        call.fail(DAVIT_E_FAILED, "the plugin threw something that is no std::exception");
    }
}
#endif

template <typename Work>
void run(Work &work, Call &call) {
    if constexpr (std::is_void_v<std::invoke_result_t<Work &, Call &>>) {
        work(call);
    } else {
        call.reply(work(call));  // which nobody reads if the call has failed meanwhile
    }
}

// Runs `work(call)`, which returns nothing or the reply, and returns the status for the border.
template <typename Work>
davit_status guard(davit_call *raw, Work work) noexcept {
    Call call(raw);
#if DAVIT_CXX_EXCEPTIONS
    try {
        run(work, call);
    } catch (...) {
        fail_with_current_exception(call);
    }
#else
    run(work, call);
#endif
    return call.status();
}

// The same for a function of a handle: `work(object, call)`, where the object is the `Interface` of
// the `Object` behind the handle.
template <typename Object, typename Interface, typename Handle, typename Work>
davit_status guard_on(Handle *handle, davit_call *raw, Work work) noexcept {
    return guard(raw, [&](Call &call) {
        if (handle == nullptr) {
            call.fail(DAVIT_E_INVALID, "the handle is NULL");
            return decltype(work(std::declval<Interface &>(), call))();
        }
        Interface &object = *reinterpret_cast<Object *>(handle);
        return work(object, call);
    });
}

// Strings that come in; NULL, which the border does not allow, is taken for the empty string.
inline std::string text(const char *given) {
    return given == nullptr ? "" : given;
}

}  // namespace detail
}  // namespace v1_0
}  // namespace davit

#endif
