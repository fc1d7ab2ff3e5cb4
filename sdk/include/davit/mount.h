// SPDX-License-Identifier: Apache-2.0
// A mount: what makes a directory of this computer appear inside a guest.
#ifndef DAVIT_MOUNT_H
#define DAVIT_MOUNT_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Every mount plugin provides this id. What it needs of a driver stands under "needs" in its
// manifest; a mount that needs nothing works with every driver.
#define DAVIT_MOUNT "davit.mount/1"

// A mount made by this process. The plugin's; the host only passes it back.
typedef struct davit_mount_point davit_mount_point;

enum {
    DAVIT_DETACH_GRACEFUL = 0,  // fails with DAVIT_E_BUSY while the guest uses the mount
    DAVIT_DETACH_FORCE = 1      // detaches at once; the guest's open files get errors
};

// The process that attaches a mount keeps it: the mount lasts until detach() or until that process
// ends, and leaves nothing in the guest that a later attach() of the same target cannot take over.
typedef struct davit_mount {
    size_t struct_size;

    // Says whether `request` (schema mount-1.json) could be attached: its source, its id maps, its
    // options. Changes nothing. [thread-safe]
    davit_status(DAVIT_ABI *check)(const char *request, davit_call *call);

    // Makes the mount in the guest named by `guest`, an opaque token for the host service
    // davit.host.guest/1, and replies what was made (schema mount-state-1.json). On success sets
    // `*point`, to be closed by the caller. On failure nothing is left in the guest. [serial]
    davit_status(DAVIT_ABI *attach)(const char *request, const char *guest,
                                    davit_mount_point **point, davit_call *call);

    // Replies whether the mount works now (schema mount-state-1.json), having asked the guest.
    // Changes nothing. [thread-safe]
    davit_status(DAVIT_ABI *inspect)(davit_mount_point *point, davit_call *call);

    // Takes the mount off, `how` being one of DAVIT_DETACH_*. Detached already: DAVIT_OK. [serial]
    davit_status(DAVIT_ABI *detach)(davit_mount_point *point, int32_t how, davit_call *call);

    // Ends what serves the mount and forgets the handle. Accepts NULL. [serial]
    void(DAVIT_ABI *close)(davit_mount_point *point);
} davit_mount;

#ifdef __cplusplus
}
#endif

#endif
