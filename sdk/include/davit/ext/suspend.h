// SPDX-License-Identifier: Apache-2.0
// The capability of a driver to save a running machine to disk and end its process.
#ifndef DAVIT_EXT_SUSPEND_H
#define DAVIT_EXT_SUSPEND_H

#include "../driver.h"

#ifdef __cplusplus
extern "C" {
#endif

// Manifest parameters: none.
#define DAVIT_DRIVER_SUSPEND "davit.driver.suspend/1"

// Whoever provides this also resumes: davit_driver.start() of a suspended machine continues it
// where it was, also after a restart of the computer.
typedef struct davit_driver_suspend {
    size_t struct_size;

    // Saves memory and devices to disk and ends the machine's process. A suspended machine:
    // DAVIT_OK; a stopped one: DAVIT_E_STATE. On failure the machine goes on running. [serial]
    davit_status(DAVIT_ABI *suspend)(davit_machine *machine, davit_call *call);

    // Throws the saved state away: the machine is stopped, as after a power cut. A stopped machine:
    // DAVIT_OK; a running one: DAVIT_E_STATE. [serial]
    davit_status(DAVIT_ABI *discard)(davit_machine *machine, davit_call *call);
} davit_driver_suspend;

#ifdef __cplusplus
}
#endif

#endif
