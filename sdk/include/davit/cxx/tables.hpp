// SPDX-License-Identifier: Apache-2.0
// Makes the border's tables from a driver or mount class.
#ifndef DAVIT_CXX_TABLES_HPP
#define DAVIT_CXX_TABLES_HPP

#include <cstring>
#include <type_traits>

#include "driver_table.hpp"
#include "ext/adopt.hpp"
#include "ext/clone.hpp"
#include "ext/native_mounts.hpp"
#include "ext/networks.hpp"
#include "ext/resize.hpp"
#include "ext/snapshots.hpp"
#include "ext/suspend.hpp"
#include "mount_table.hpp"

namespace davit {
inline namespace v1_0 {
namespace detail {

// Whether `Plugin` is a driver class; else it is a mount class.
template <typename Plugin, typename = void>
struct IsDriver : std::false_type {};
template <typename Plugin>
struct IsDriver<Plugin, std::void_t<typename Plugin::machine_type>> : std::true_type {};

// One capability: its id, and the table if the class has it, else NULL.
struct Entry {
    const char *id;
    const void *table;
};

// The table of `Interface` if `Class` derives from it.
template <typename Class, typename Interface, typename Table>
constexpr const void *table_if() {
    if constexpr (std::is_base_of_v<Interface, Class>) return &Table::table;
    return nullptr;
}

template <typename Plugin, bool driver = IsDriver<Plugin>::value>
struct Capabilities {
    using M = typename Plugin::machine_type;
    static_assert(
        std::is_base_of_v<NetworkList, Plugin> == std::is_base_of_v<Networks, M>,
        "a driver that derives from NetworkList needs machines that derive from Networks");
    static constexpr Entry entries[] = {
        {DAVIT_DRIVER, &DriverTable<Plugin>::table},
        {DAVIT_DRIVER_SUSPEND, table_if<M, Suspend, SuspendTable<M>>()},
        {DAVIT_DRIVER_SNAPSHOTS, table_if<M, Snapshots, SnapshotsTable<M>>()},
        {DAVIT_DRIVER_NETWORKS, table_if<Plugin, NetworkList, NetworksTable<Plugin>>()},
        {DAVIT_DRIVER_NATIVE_MOUNTS, table_if<M, NativeMounts, NativeMountsTable<M>>()},
        {DAVIT_DRIVER_CLONE, table_if<M, Clone, CloneTable<M>>()},
        {DAVIT_DRIVER_RESIZE, table_if<M, Resize, ResizeTable<M>>()},
        {DAVIT_DRIVER_ADOPT, table_if<Plugin, Adopt, AdoptTable<Plugin>>()},
    };
};

template <typename Plugin>
struct Capabilities<Plugin, false> {
    static constexpr Entry entries[] = {{DAVIT_MOUNT, &MountTable<Plugin>::table}};
};

// Capabilities of third parties: a static member `const void *extension(const char *id)`.
template <typename Plugin, typename = void>
struct Extensions {
    static const void *get(const char *) noexcept { return nullptr; }
};
template <typename Plugin>
struct Extensions<Plugin, std::void_t<decltype(Plugin::extension(""))>> {
    static const void *get(const char *id) noexcept { return Plugin::extension(id); }
};

// davit_plugin.get
template <typename Plugin>
const void *DAVIT_ABI get_table(const char *id) noexcept {
    if (id == nullptr) return nullptr;
    for (const Entry &entry : Capabilities<Plugin>::entries)
        if (std::strcmp(id, entry.id) == 0) return entry.table;
    return Extensions<Plugin>::get(id);
}

}  // namespace detail
}  // namespace v1_0
}  // namespace davit

#endif
