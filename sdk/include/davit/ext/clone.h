// SPDX-License-Identifier: Apache-2.0
// The capability of a driver to copy a stopped machine.
#ifndef DAVIT_EXT_CLONE_H
#define DAVIT_EXT_CLONE_H

#include "../driver.h"

#ifdef __cplusplus
extern "C" {
#endif

// Manifest parameters: none.
#define DAVIT_DRIVER_CLONE "davit.driver.clone/1"

typedef struct davit_driver_clone {
    size_t struct_size;

    // Makes, inside the empty directory `dir`, a machine with the disk of `source` and with what
    // `spec` (schema machine-1.json, without "image") says: name, hardware addresses, seed. The
    // source must be stopped and is not changed; its snapshots are not copied. On failure `dir` is
    // left empty again. [serial]
    davit_status(DAVIT_ABI *clone)(davit_machine *source, const char *dir, const char *spec,
                                   davit_call *call);
} davit_driver_clone;

#ifdef __cplusplus
}
#endif

#endif
