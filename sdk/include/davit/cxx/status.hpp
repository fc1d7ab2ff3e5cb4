// SPDX-License-Identifier: Apache-2.0
// What the statuses of the border mean.
#ifndef DAVIT_CXX_STATUS_HPP
#define DAVIT_CXX_STATUS_HPP

#include "../base.h"

namespace davit {
inline namespace v1_0 {

// The sentence for a status that came without one.
inline const char *describe(davit_status status) {
    switch (status) {
        case DAVIT_E_INVALID:
            return "the request is not valid";
        case DAVIT_E_UNSUPPORTED:
            return "this can never do that";
        case DAVIT_E_UNAVAILABLE:
            return "this computer lacks something that it needs";
        case DAVIT_E_STATE:
            return "that is not possible in the present state";
        case DAVIT_E_NOT_FOUND:
            return "it does not exist";
        case DAVIT_E_EXISTS:
            return "it exists already";
        case DAVIT_E_BUSY:
            return "it is in use";
        case DAVIT_E_TIMEOUT:
            return "it took too long";
        case DAVIT_E_CANCELLED:
            return "cancelled";
        case DAVIT_E_NO_SPACE:
            return "the disk is full";
        default:
            return "it failed without saying why";
    }
}

// Whether this side knows what `status` means. What it does not know is DAVIT_E_FAILED.
inline bool known(davit_status status) {
    return status <= DAVIT_OK && status >= DAVIT_E_NO_SPACE;
}

}  // namespace v1_0
}  // namespace davit

#endif
