// SPDX-License-Identifier: Apache-2.0
// Write a plugin as C++ classes: this is the one header to include.
#ifndef DAVIT_CXX_PLUGIN_HPP
#define DAVIT_CXX_PLUGIN_HPP

#include <string_view>

#include "../plugin.h"
#include "guest.hpp"
#include "process.hpp"
#include "tables.hpp"

namespace davit {
inline namespace v1_0 {
namespace detail {

// Whether the manifest names `id` as a key. Good enough to catch a forgotten line when the plugin
// is compiled; the host compares the two properly.
constexpr bool names(std::string_view manifest, std::string_view id) {
    for (std::size_t at = manifest.find(id); at != manifest.npos; at = manifest.find(id, at + 1))
        if (at > 0 && manifest[at - 1] == '"' && manifest.substr(at + id.size(), 1) == "\"")
            return true;
    return false;
}

template <typename Plugin>
constexpr bool declares_what_it_has(std::string_view manifest) {
    for (const Entry &entry : Capabilities<Plugin>::entries)
        if (names(manifest, entry.id) != (entry.table != nullptr)) return false;
    return true;
}

}  // namespace detail
}  // namespace v1_0
}  // namespace davit

// Makes `Class`, which derives from davit::Driver or davit::Mount, the plugin of this library. The
// manifest is `davit_manifest` from "davit_manifest.h". Once in a library, in the global namespace.
#define DAVIT_PLUGIN(Class, manifest)                                                 \
    static_assert(davit::detail::declares_what_it_has<Class>(manifest),               \
                  "plugin.json provides other capabilities than " #Class              \
                  " and its machines have");                                          \
    DAVIT_EXPORT const davit_plugin *DAVIT_ABI davit_plugin_v1(void) {                \
        static constexpr davit_plugin plugin = {sizeof(davit_plugin),                 \
                                                DAVIT_SDK_MAJOR,                      \
                                                DAVIT_SDK_MINOR,                      \
                                                manifest,                             \
                                                davit::detail::Running<Class>::start, \
                                                davit::detail::Running<Class>::stop,  \
                                                davit::detail::get_table<Class>};     \
        return &plugin;                                                               \
    }

#endif
