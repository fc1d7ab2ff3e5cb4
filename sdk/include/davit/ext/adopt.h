// SPDX-License-Identifier: Apache-2.0
// The capability of a driver to take over the stopped machines of a retired one.
#ifndef DAVIT_EXT_ADOPT_H
#define DAVIT_EXT_ADOPT_H

#include "../driver.h"

#ifdef __cplusplus
extern "C" {
#endif

// Manifest parameters:
//   "from": array of strings  the scopes whose machines can be taken over
#define DAVIT_DRIVER_ADOPT "davit.driver.adopt/1"

typedef struct davit_driver_adopt {
    size_t struct_size;

    // Makes, inside the empty directory `dir`, a machine with the disk found in `old_dir`, the
    // directory of a machine of scope `from`, and with what `spec` (schema machine-1.json, without
    // "image") says. A machine that still runs is DAVIT_E_STATE. `old_dir` is not changed; the host
    // deletes it once the new machine is recorded. On failure `dir` is left empty again. [serial]
    davit_status(DAVIT_ABI *adopt)(const char *from, const char *old_dir, const char *dir,
                                   const char *spec, davit_call *call);
} davit_driver_adopt;

#ifdef __cplusplus
}
#endif

#endif
