// SPDX-License-Identifier: Apache-2.0
// What the system's error numbers mean to a user.
#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace davit::host {

Error system_error(int number, const std::string &action) {
    const std::string message = "cannot " + action + ": " + std::generic_category().message(number);
    switch (number) {
        case ENOSPC:
        case EDQUOT:
            return {"disk-full", message, "free some space, and run the command again"};
        case EACCES:
        case EPERM:
        case EROFS:
            return {"permission-denied", message, "check the owner and the mode of the file"};
        default:
            return {"system", message};
    }
}

Error interrupted_error() {
    return {"interrupted", "interrupted; what was begun has been undone", "",
            ExitCode::interrupted};
}

}  // namespace davit::host
