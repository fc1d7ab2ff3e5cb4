// SPDX-License-Identifier: Apache-2.0
// The errors of the C++ layer: a status, what happened, and what to do.
#ifndef DAVIT_CXX_ERROR_HPP
#define DAVIT_CXX_ERROR_HPP

#include <stdexcept>
#include <string>
#include <utility>

#include "../base.h"

// Nothing in davit/cxx is part of the border: it is compiled into each side. The inline namespace
// keeps the copies of two sides apart. All of it also builds without exceptions (see Call::raise),
// except davit/cxx/host.hpp.
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define DAVIT_CXX_EXCEPTIONS 1
#define DAVIT_CXX_TRY try
#define DAVIT_CXX_CATCH_ALL catch (...)
#else
#define DAVIT_CXX_EXCEPTIONS 0
#define DAVIT_CXX_TRY if (true)
#define DAVIT_CXX_CATCH_ALL else
#endif

namespace davit {
inline namespace v1_0 {

// What a function of the border failed with. The message is a sentence without a full stop; the
// hint says what the user can do, and may be empty except with DAVIT_E_UNAVAILABLE.
class Error : public std::runtime_error {
 public:
    Error(davit_status status, const std::string &message, std::string hint = {})
        : std::runtime_error(message),
          status_(status < 0 ? status : DAVIT_E_FAILED),
          hint_(std::move(hint)) {}

    davit_status status() const noexcept { return status_; }
    const std::string &hint() const noexcept { return hint_; }

 private:
    davit_status status_;
    std::string hint_;
};

// The user gave up. Let it pass, and let destructors undo what was done.
class Cancelled : public Error {
 public:
    Cancelled() : Error(DAVIT_E_CANCELLED, "cancelled") {}
};

}  // namespace v1_0
}  // namespace davit

#endif
