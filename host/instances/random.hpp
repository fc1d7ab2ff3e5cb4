// SPDX-License-Identifier: Apache-2.0
// What must not be the same twice: ids, hardware addresses, names.
#pragma once

#include <functional>
#include <string>

namespace davit::host {

// A random UUID (RFC 9562, version 4).
std::string make_uuid();
// A locally administered unicast hardware address, six octets, lower case, with colons.
std::string make_mac();
// Two words and a hyphen, such as "calm-ketch"; one for which `taken` is false.
std::string make_name(const std::function<bool(const std::string &)> &taken);
// The present time, RFC 3339, UTC, whole seconds.
std::string timestamp();

}  // namespace davit::host
