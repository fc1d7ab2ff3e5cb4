// SPDX-License-Identifier: Apache-2.0
// The way to the module "guest".
#include "guest/guest.hpp"

#include "base/module.hpp"

namespace davit::host {

GuestModule &guest_module() {
    using Entry = GuestModule *();
    return *reinterpret_cast<Entry *>(module_entry("guest", "davit_guest_module"))();
}

}  // namespace davit::host
