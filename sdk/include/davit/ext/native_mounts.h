// SPDX-License-Identifier: Apache-2.0
// The capability of a driver to show a directory of this computer to a machine as a device or
// share.
#ifndef DAVIT_EXT_NATIVE_MOUNTS_H
#define DAVIT_EXT_NATIVE_MOUNTS_H

#include "../driver.h"

#ifdef __cplusplus
extern "C" {
#endif

// Manifest parameters:
//   "types":   array of strings      the transports, for instance "9p", "virtiofs", "smb"
//   "add":     "stopped" or "live"   when a share can be added
//   "remove":  "stopped" or "live"   when a share can be taken away
//   "id_maps": "none", "one", "many" how many user and group ids a share can map
#define DAVIT_DRIVER_NATIVE_MOUNTS "davit.driver.native-mounts/1"

typedef struct davit_driver_native_mounts {
    size_t struct_size;

    // Adds the share described by `share` (schema share-1.json) to the machine, for good, and
    // replies what a guest needs to mount it (schema share-access-1.json). A running machine with
    // "add": "stopped" is DAVIT_E_STATE, an id map beyond "id_maps" DAVIT_E_UNSUPPORTED. A share of
    // the same id that is there already, with the same description: DAVIT_OK. [serial]
    davit_status(DAVIT_ABI *add)(davit_machine *machine, const char *share, davit_call *call);

    // Takes the share `id` away. Not there: DAVIT_OK. [serial]
    davit_status(DAVIT_ABI *remove)(davit_machine *machine, const char *id, davit_call *call);
} davit_driver_native_mounts;

#ifdef __cplusplus
}
#endif

#endif
