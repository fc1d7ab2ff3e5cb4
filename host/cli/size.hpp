// SPDX-License-Identifier: Apache-2.0
// Sizes as users write them.
#pragma once

#include <cstdint>
#include <string>

namespace davit::host {

// "1G", "512M", "1.5GiB", "2048k", or bytes: Multipass's rule, in powers of 1024, case-insensitive.
// `option` names what the size is for in the Error "usage".
std::uint64_t parse_size(const std::string &text, const std::string &option);

}  // namespace davit::host
