// SPDX-License-Identifier: Apache-2.0
// Makes the border's tables from a driver or mount class.
#ifndef DAVIT_CXX_TABLES_HPP
#define DAVIT_CXX_TABLES_HPP

#include <cstring>
#include <type_traits>

#include "driver.hpp"
#include "ext/adopt.hpp"
#include "ext/clone.hpp"
#include "ext/native_mounts.hpp"
#include "ext/networks.hpp"
#include "ext/resize.hpp"
#include "ext/snapshots.hpp"
#include "ext/suspend.hpp"
#include "mount.hpp"
#include "running.hpp"

namespace davit {
inline namespace v1_0 {
namespace detail {

// Hands a new object to the host, who closes it.
template <typename Handle, typename Object>
void hand_over(std::unique_ptr<Object> object, Handle **handle, Call &call) {
    if (object == nullptr && call.status() == DAVIT_OK)
        call.fail(DAVIT_E_FAILED, "the plugin opened nothing and did not say why");
    if (call.status() == DAVIT_OK) *handle = reinterpret_cast<Handle *>(object.release());
}

template <typename DriverType>
struct DriverTable {
    using MachineType = typename DriverType::machine_type;
    static_assert(std::is_base_of_v<Machine, MachineType>, "a machine class needs davit::Machine");

    static davit_status DAVIT_ABI probe(davit_call *raw) noexcept {
        return guard_running<DriverType, Driver<MachineType>>(
            raw, [](auto &driver, Call &call) { return driver.probe(call); });
    }
    static davit_status DAVIT_ABI create(const char *dir, const char *spec,
                                         davit_call *raw) noexcept {
        return guard_running<DriverType, Driver<MachineType>>(
            raw, [&](auto &driver, Call &call) { driver.create(text(dir), text(spec), call); });
    }
    static davit_status DAVIT_ABI open(const char *dir, davit_machine **handle,
                                       davit_call *raw) noexcept {
        return guard_running<DriverType, Driver<MachineType>>(raw, [&](auto &driver, Call &call) {
            hand_over(driver.open(text(dir), call), handle, call);
        });
    }
    static void DAVIT_ABI close(davit_machine *handle) noexcept {
        delete reinterpret_cast<MachineType *>(handle);
    }
    static davit_status DAVIT_ABI inspect(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(
            handle, raw, [](Machine &machine, Call &call) { return machine.inspect(call); });
    }
    static davit_status DAVIT_ABI start(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(
            handle, raw, [](Machine &machine, Call &call) { machine.start(call); });
    }
    static davit_status DAVIT_ABI stop(davit_machine *handle, std::int32_t how,
                                       davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(handle, raw, [&](Machine &machine, Call &call) {
            if (how != DAVIT_STOP_GRACEFUL && how != DAVIT_STOP_FORCE)
                return call.fail(DAVIT_E_INVALID, "there is no such way to stop a machine");
            machine.stop(static_cast<StopHow>(how), call);
        });
    }
    static davit_status DAVIT_ABI remove(davit_machine *handle, davit_call *raw) noexcept {
        return guard_on<MachineType, Machine>(
            handle, raw, [](Machine &machine, Call &call) { machine.remove(call); });
    }
    static constexpr davit_driver table = {
        sizeof(davit_driver), probe, create, open, close, inspect, start, stop, remove};
};

template <typename Plugin>
struct MountTable {
    using PointType = typename Plugin::point_type;
    static_assert(std::is_base_of_v<MountPoint, PointType>, "a mount needs davit::MountPoint");

    static davit_status DAVIT_ABI check(const char *request, davit_call *raw) noexcept {
        return guard_running<Plugin, Mount<PointType>>(
            raw, [&](auto &mount, Call &call) { mount.check(text(request), call); });
    }
    static davit_status DAVIT_ABI attach(const char *request, const char *guest,
                                         davit_mount_point **handle, davit_call *raw) noexcept {
        return guard_running<Plugin, Mount<PointType>>(raw, [&](auto &mount, Call &call) {
            auto attached = mount.attach(text(request), text(guest), call);
            hand_over(std::move(attached.point), handle, call);
            return attached.state;
        });
    }
    static davit_status DAVIT_ABI inspect(davit_mount_point *handle, davit_call *raw) noexcept {
        return guard_on<PointType, MountPoint>(
            handle, raw, [](MountPoint &point, Call &call) { return point.inspect(call); });
    }
    static davit_status DAVIT_ABI detach(davit_mount_point *handle, std::int32_t how,
                                         davit_call *raw) noexcept {
        return guard_on<PointType, MountPoint>(handle, raw, [&](MountPoint &point, Call &call) {
            if (how != DAVIT_DETACH_GRACEFUL && how != DAVIT_DETACH_FORCE)
                return call.fail(DAVIT_E_INVALID, "there is no such way to detach a mount");
            point.detach(static_cast<DetachHow>(how), call);
        });
    }
    static void DAVIT_ABI close(davit_mount_point *handle) noexcept {
        delete reinterpret_cast<PointType *>(handle);
    }
    static constexpr davit_mount table = {
        sizeof(davit_mount), check, attach, inspect, detach, close};
};

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
