// SPDX-License-Identifier: Apache-2.0
// The layout of every struct of the border, and the value of every constant: compiles, or it broke.
//
// Lines are added by a minor release and never changed, but for the sizes, which grow.
#include <davit/ext/adopt.h>
#include <davit/ext/clone.h>
#include <davit/ext/native_mounts.h>
#include <davit/ext/networks.h>
#include <davit/ext/resize.h>
#include <davit/ext/snapshots.h>
#include <davit/ext/suspend.h>
#include <davit/host/guest.h>
#include <davit/host/process.h>
#include <davit/mount.h>

// A member stands after so many pointers and, where there are 32-bit members, so many bytes.
#define AT(type, member, pointers, bytes) \
    _Static_assert(offsetof(type, member) == (pointers) * sizeof(void *) + (bytes), #member)
#define SIZE(type, pointers, bytes) \
    _Static_assert(sizeof(type) == (pointers) * sizeof(void *) + (bytes), #type)

// clang-format off
_Static_assert(sizeof(size_t) == sizeof(void *), "struct_size is as wide as a pointer");
_Static_assert(sizeof(void (*)(void)) == sizeof(void *), "and so is a function pointer");
_Static_assert(sizeof(davit_status) == 4, "a status has 32 bits");

AT(davit_call, struct_size, 0, 0);
AT(davit_call, ctx, 1, 0);
AT(davit_call, timeout_ms, 2, 0);
AT(davit_call, flags, 2, 4);
AT(davit_call, reply, 2, 8);
AT(davit_call, fail, 3, 8);
AT(davit_call, progress, 4, 8);
SIZE(davit_call, 5, 8);

AT(davit_host, struct_size, 0, 0);
AT(davit_host, ctx, 1, 0);
AT(davit_host, sdk_major, 2, 0);
AT(davit_host, sdk_minor, 2, 4);
AT(davit_host, name, 2, 8);
AT(davit_host, version, 3, 8);
AT(davit_host, log, 4, 8);
AT(davit_host, get, 5, 8);
SIZE(davit_host, 6, 8);

AT(davit_plugin, struct_size, 0, 0);
AT(davit_plugin, sdk_major, 1, 0);
AT(davit_plugin, sdk_minor, 1, 4);
AT(davit_plugin, manifest, 1, 8);
AT(davit_plugin, start, 2, 8);
AT(davit_plugin, stop, 3, 8);
AT(davit_plugin, get, 4, 8);
SIZE(davit_plugin, 5, 8);

AT(davit_driver, struct_size, 0, 0);
AT(davit_driver, probe, 1, 0);
AT(davit_driver, create, 2, 0);
AT(davit_driver, open, 3, 0);
AT(davit_driver, close, 4, 0);
AT(davit_driver, inspect, 5, 0);
AT(davit_driver, start, 6, 0);
AT(davit_driver, stop, 7, 0);
AT(davit_driver, remove, 8, 0);
SIZE(davit_driver, 9, 0);

AT(davit_mount, struct_size, 0, 0);
AT(davit_mount, check, 1, 0);
AT(davit_mount, attach, 2, 0);
AT(davit_mount, inspect, 3, 0);
AT(davit_mount, detach, 4, 0);
AT(davit_mount, close, 5, 0);
SIZE(davit_mount, 6, 0);

AT(davit_driver_suspend, struct_size, 0, 0);
AT(davit_driver_suspend, suspend, 1, 0);
AT(davit_driver_suspend, discard, 2, 0);
SIZE(davit_driver_suspend, 3, 0);

AT(davit_driver_snapshots, struct_size, 0, 0);
AT(davit_driver_snapshots, take, 1, 0);
AT(davit_driver_snapshots, restore, 2, 0);
AT(davit_driver_snapshots, remove, 3, 0);
AT(davit_driver_snapshots, list, 4, 0);
SIZE(davit_driver_snapshots, 5, 0);

AT(davit_driver_networks, struct_size, 0, 0);
AT(davit_driver_networks, list, 1, 0);
AT(davit_driver_networks, connect, 2, 0);
AT(davit_driver_networks, disconnect, 3, 0);
SIZE(davit_driver_networks, 4, 0);

AT(davit_driver_native_mounts, struct_size, 0, 0);
AT(davit_driver_native_mounts, add, 1, 0);
AT(davit_driver_native_mounts, remove, 2, 0);
SIZE(davit_driver_native_mounts, 3, 0);

AT(davit_driver_clone, struct_size, 0, 0);
AT(davit_driver_clone, clone, 1, 0);
SIZE(davit_driver_clone, 2, 0);

AT(davit_driver_resize, struct_size, 0, 0);
AT(davit_driver_resize, resize, 1, 0);
SIZE(davit_driver_resize, 2, 0);

AT(davit_driver_adopt, struct_size, 0, 0);
AT(davit_driver_adopt, adopt, 1, 0);
SIZE(davit_driver_adopt, 2, 0);

AT(davit_host_process, struct_size, 0, 0);
AT(davit_host_process, run, 1, 0);
AT(davit_host_process, spawn, 2, 0);
AT(davit_host_process, alive, 3, 0);
AT(davit_host_process, wait, 4, 0);
AT(davit_host_process, kill, 5, 0);
SIZE(davit_host_process, 6, 0);

AT(davit_host_guest, struct_size, 0, 0);
AT(davit_host_guest, run, 1, 0);
AT(davit_host_guest, open, 2, 0);
AT(davit_host_guest, read, 3, 0);
AT(davit_host_guest, write, 4, 0);
AT(davit_host_guest, close, 5, 0);
SIZE(davit_host_guest, 6, 0);

// The same in bytes, as a debugger shows them where pointers have 64 bits.
#if UINTPTR_MAX == UINT64_MAX
_Static_assert(sizeof(davit_call) == 48 && sizeof(davit_host) == 56, "LP64, LLP64");
_Static_assert(sizeof(davit_plugin) == 48 && sizeof(davit_driver) == 72, "LP64, LLP64");
#endif

#define VALUE(name, value) _Static_assert((name) == (value), #name)
VALUE(DAVIT_SDK_MAJOR, 1);
VALUE(DAVIT_OK, 0);
VALUE(DAVIT_E_FAILED, -1);
VALUE(DAVIT_E_INVALID, -2);
VALUE(DAVIT_E_UNSUPPORTED, -3);
VALUE(DAVIT_E_UNAVAILABLE, -4);
VALUE(DAVIT_E_STATE, -5);
VALUE(DAVIT_E_NOT_FOUND, -6);
VALUE(DAVIT_E_EXISTS, -7);
VALUE(DAVIT_E_BUSY, -8);
VALUE(DAVIT_E_TIMEOUT, -9);
VALUE(DAVIT_E_CANCELLED, -10);
VALUE(DAVIT_E_NO_SPACE, -11);
VALUE(DAVIT_LOG_DEBUG, 0);
VALUE(DAVIT_LOG_INFO, 1);
VALUE(DAVIT_LOG_WARNING, 2);
VALUE(DAVIT_LOG_ERROR, 3);
VALUE(DAVIT_STOP_GRACEFUL, 0);
VALUE(DAVIT_STOP_FORCE, 1);
VALUE(DAVIT_DETACH_GRACEFUL, 0);
VALUE(DAVIT_DETACH_FORCE, 1);
