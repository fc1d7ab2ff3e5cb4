// SPDX-License-Identifier: Apache-2.0
// The capability of a driver to give a machine more networks than the one it is reached by.
#ifndef DAVIT_EXT_NETWORKS_H
#define DAVIT_EXT_NETWORKS_H

#include "../driver.h"

#ifdef __cplusplus
extern "C" {
#endif

// Manifest parameters:
//   "modes":   array of strings  every mode that connect() accepts; any other is DAVIT_E_INVALID
//   "hotplug": boolean           a running machine can be connected and disconnected
#define DAVIT_DRIVER_NETWORKS "davit.driver.networks/1"

typedef struct davit_driver_networks {
    size_t struct_size;

    // Replies the networks of this computer that a machine can be connected to (schema
    // networks-1.json). A mode that cannot be used here is listed with the reason. [thread-safe]
    davit_status(DAVIT_ABI *list)(davit_call *call);

    // Adds the network card described by `nic` (schema nic-1.json) to the machine, for good. A
    // running machine with "hotplug" false: DAVIT_E_STATE. On failure nothing changed. [serial]
    davit_status(DAVIT_ABI *connect)(davit_machine *machine, const char *nic, davit_call *call);

    // Takes the card with the hardware address `mac` (six octets, lower case, with colons) away.
    // Not there: DAVIT_OK. [serial]
    davit_status(DAVIT_ABI *disconnect)(davit_machine *machine, const char *mac, davit_call *call);
} davit_driver_networks;

#ifdef __cplusplus
}
#endif

#endif
