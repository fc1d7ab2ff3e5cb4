// SPDX-License-Identifier: Apache-2.0
// The capability of a driver to change a machine's processors, memory and disk.
#ifndef DAVIT_EXT_RESIZE_H
#define DAVIT_EXT_RESIZE_H

#include "../driver.h"

#ifdef __cplusplus
extern "C" {
#endif

// Manifest parameters; a resource that is left out cannot be changed:
//   "cpus", "memory", "disk": "stopped" or "live"  when it can be changed
//   "disk_shrink":            boolean              the disk can also become smaller
#define DAVIT_DRIVER_RESIZE "davit.driver.resize/1"

typedef struct davit_driver_resize {
    size_t struct_size;

    // Changes what `size` (schema size-1.json) names: "cpus" (count), "memory" and "disk" (bytes).
    // All of it or, on failure, nothing. A resource that the manifest leaves out, and a smaller
    // disk without "disk_shrink", are DAVIT_E_UNSUPPORTED; a machine that would have to be stopped
    // first is DAVIT_E_STATE. [serial]
    davit_status(DAVIT_ABI *resize)(davit_machine *machine, const char *size, davit_call *call);
} davit_driver_resize;

#ifdef __cplusplus
}
#endif

#endif
