// SPDX-License-Identifier: Apache-2.0
// The id of the error that something fails with.
#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"

namespace davit::test {

// "none": it did not fail.
inline std::string error_id(const std::function<void()> &act) {
    try {
        act();
    } catch (const host::Error &error) {
        return error.id();
    }
    return "none";
}

}  // namespace davit::test
