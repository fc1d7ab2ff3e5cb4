// SPDX-License-Identifier: Apache-2.0
// Call plugins from C++: this is the one header to include for the host's side.
#ifndef DAVIT_CXX_HOST_HPP
#define DAVIT_CXX_HOST_HPP

#include "error.hpp"

#if !DAVIT_CXX_EXCEPTIONS
#error "davit/cxx/host.hpp reports failures of plugins as exceptions; compile with them"
#endif

#include "call_context.hpp"
#include "loaded/driver.hpp"
#include "loaded/mount.hpp"
#include "loaded/plugin.hpp"

#endif
