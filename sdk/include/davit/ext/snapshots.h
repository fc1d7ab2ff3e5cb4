// SPDX-License-Identifier: Apache-2.0
// The capability of a driver to keep and bring back earlier states of a machine.
#ifndef DAVIT_EXT_SNAPSHOTS_H
#define DAVIT_EXT_SNAPSHOTS_H

#include "../driver.h"

#ifdef __cplusplus
extern "C" {
#endif

// Manifest parameters:
//   "live": boolean  a running machine can be snapshotted; memory is part of the snapshot
//   "tree": boolean  restoring an old snapshot keeps the newer ones
#define DAVIT_DRIVER_SNAPSHOTS "davit.driver.snapshots/1"

// Names, comments, parents and times are the host's. A driver knows a snapshot by its `id`, chosen
// by the host: ^[a-z0-9-]{1,36}$, unique for the life of the machine.
typedef struct davit_driver_snapshots {
    size_t struct_size;

    // Keeps the machine's present state as `id`. A running machine with "live" false:
    // DAVIT_E_STATE. On failure no snapshot is left. [serial]
    davit_status(DAVIT_ABI *take)(davit_machine *machine, const char *id, davit_call *call);

    // Brings the machine back to snapshot `id`. The machine must be stopped; afterwards it is
    // stopped, or suspended if the snapshot holds memory. On failure the machine is as before.
    // [serial]
    davit_status(DAVIT_ABI *restore)(davit_machine *machine, const char *id, davit_call *call);

    // Deletes snapshot `id`; the machine's present state and other snapshots stay. A snapshot that
    // is not there: DAVIT_OK. [serial]
    davit_status(DAVIT_ABI *remove)(davit_machine *machine, const char *id, davit_call *call);

    // Replies the snapshots that really exist (schema snapshots-1.json). [thread-safe]
    davit_status(DAVIT_ABI *list)(davit_machine *machine, davit_call *call);
} davit_driver_snapshots;

#ifdef __cplusplus
}
#endif

#endif
