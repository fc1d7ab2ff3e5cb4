// SPDX-License-Identifier: Apache-2.0
// A library from whose debug information the border's types can be read. Plugins reach them through
// `const void *`, which hides them from such tools. Pointers, because an object would change its
// symbol's size when a struct grows, which is allowed.
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

#define WITNESS(type) DAVIT_VISIBLE const type *abi_of_##type

davit_entry abi_of_davit_entry;
WITNESS(davit_call);
WITNESS(davit_host);
WITNESS(davit_plugin);
WITNESS(davit_driver);
WITNESS(davit_mount);
WITNESS(davit_driver_suspend);
WITNESS(davit_driver_snapshots);
WITNESS(davit_driver_networks);
WITNESS(davit_driver_native_mounts);
WITNESS(davit_driver_clone);
WITNESS(davit_driver_resize);
WITNESS(davit_driver_adopt);
WITNESS(davit_host_process);
WITNESS(davit_host_guest);
