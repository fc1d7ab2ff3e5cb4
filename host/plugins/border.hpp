// SPDX-License-Identifier: Apache-2.0
// What every call into a plugin has in common: the host's deadline, progress, cancellation and
// Errors.
#pragma once

#include <davit/cxx/host.hpp>
#include <string>

#include "plugins/driver.hpp"

namespace davit::host {

// The SDK's view of the host's options. Refers to them.
davit::CallOptions border_options(const CallOptions &call);

// The Error for what a call into the plugin failed with: "driver-..." or "mount-..." by its kind.
Error border_error(const davit::Error &error, const Manifest &manifest, const CallOptions &call);

// The Error for a plugin that threw at the host, or replied something else than `verb` asks for.
Error border_broken(const Manifest &manifest, const std::string &why);
Error border_bad_reply(const Manifest &manifest, const std::string &verb, const std::string &why);

// A reply as a document. Error "driver-bad-reply" if it is none.
Json border_reply(const Manifest &manifest, const std::string &verb, const std::string &text);

// Returns `function(options)`, which calls into the plugin once. What the plugin fails with, or
// throws although it must not, is thrown as Error; what the host's own callbacks throw, as it is.
template <typename Function>
auto call_plugin(const Manifest &manifest, const CallOptions &call, const Function &function) {
    call.cancel.check();
    try {
        return function(border_options(call));
    } catch (const Error &) {
        throw;
    } catch (const davit::Error &error) {
        throw border_error(error, manifest, call);
    } catch (...) {
        throw border_broken(manifest, "it threw an exception at davit");
    }
}

}  // namespace davit::host
