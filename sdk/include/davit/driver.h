// SPDX-License-Identifier: Apache-2.0
// A driver: what makes and runs machines on one hypervisor.
#ifndef DAVIT_DRIVER_H
#define DAVIT_DRIVER_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Every driver provides this id. Its capabilities are the ids of davit/ext/*.h, each a table.
#define DAVIT_DRIVER "davit.driver/1"

// A machine opened by this process. The plugin's; the host only passes it back.
typedef struct davit_machine davit_machine;

enum {
    DAVIT_STOP_GRACEFUL = 0,  // ask the guest to shut down (ACPI), wait for it until the deadline
    DAVIT_STOP_FORCE = 1      // power off at once; a saved state is discarded
};

// Handles live for one process; what a machine is lives in its directory, which is the driver's
// alone. Machines go on running when the process that started them ends. Other processes may have
// the same machine open; the host lets one of them at a time call what changes it.
typedef struct davit_driver {
    size_t struct_size;

    // Replies what works on this computer, now (schema probe-1.json): the version of the
    // hypervisor, notes for the user, and the capabilities that are declared but unavailable here,
    // each with reason and hint. Changes nothing and takes less than a second. If no machine can
    // run here at all, fails with DAVIT_E_UNAVAILABLE. [thread-safe]
    davit_status(DAVIT_ABI *probe)(davit_call *call);

    // Makes the machine described by `spec` (schema machine-1.json) inside the empty directory
    // `dir`, an absolute path. It is not started. On failure `dir` is left empty again. [serial]
    davit_status(DAVIT_ABI *create)(const char *dir, const char *spec, davit_call *call);

    // Opens a machine made by create(), possibly by another process, before a crash, or by an older
    // build of this plugin. A `dir` where create() was killed half-way opens too; then inspect()
    // says stopped, and remove() works. Cheap: reads nothing but `dir`. On success sets `*machine`,
    // to be closed by the caller. [thread-safe]
    davit_status(DAVIT_ABI *open)(const char *dir, davit_machine **machine, davit_call *call);

    // Forgets the handle; the machine is left as it is. Accepts NULL. [serial]
    void(DAVIT_ABI *close)(davit_machine *machine);

    // Replies the machine's state, addresses, SSH endpoint and console path (schema
    // inspect-1.json). Changes nothing. Asks the hypervisor rather than its own memory, so that a
    // machine that died or was stopped behind our back is told as it is. [thread-safe]
    davit_status(DAVIT_ABI *inspect)(davit_machine *machine, davit_call *call);

    // Starts a stopped machine, or resumes a suspended one. Returns once the hypervisor runs it;
    // does not wait for the guest. A running machine: DAVIT_OK. On failure it is stopped. [serial]
    davit_status(DAVIT_ABI *start)(davit_machine *machine, davit_call *call);

    // Stops a running machine, `how` being one of DAVIT_STOP_*. A stopped machine: DAVIT_OK.
    // If the guest does not shut down in time: DAVIT_E_TIMEOUT, and it goes on running. [serial]
    davit_status(DAVIT_ABI *stop)(davit_machine *machine, int32_t how, davit_call *call);

    // Powers the machine off if need be, and deletes whatever it has outside and inside its
    // directory. Calling it again after a failure or a crash finishes the work. The handle stays
    // valid for inspect() and close() only. [serial]
    davit_status(DAVIT_ABI *remove)(davit_machine *machine, davit_call *call);
} davit_driver;

#ifdef __cplusplus
}
#endif

#endif
