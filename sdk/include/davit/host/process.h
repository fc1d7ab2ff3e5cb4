// SPDX-License-Identifier: Apache-2.0
// The host service that runs programs: tools to their end, and processes that outlive the command.
#ifndef DAVIT_HOST_PROCESS_H
#define DAVIT_HOST_PROCESS_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DAVIT_HOST_PROCESS "davit.host.process/1"

// `call` is the plugin's own: it gets the reply, and its deadline and cancellation end the program
// and every process that the program started.
typedef struct davit_host_process {
    size_t struct_size;

    // Runs a program to its end and replies how it ended and what it printed (schemas run-1.json
    // and run-result-1.json). A program that ran and failed is DAVIT_OK: the reply says so. One
    // that is not installed is DAVIT_E_UNAVAILABLE. Output beyond 16 MiB is cut. [thread-safe]
    davit_status(DAVIT_ABI *run)(const davit_host *host, const char *request, davit_call *call);

    // Starts a program that outlives this process (schema spawn-1.json): in a session of its own,
    // standard input closed, output to a file. Before the program begins, its identity (schema
    // process-1.json: process id, and start time so that a recycled id is never taken for it) is in
    // the file that the request names. Replies that identity. [thread-safe]
    davit_status(DAVIT_ABI *spawn)(const davit_host *host, const char *request, davit_call *call);

    // Says whether the process of an identity runs: 1 yes, 0 no, or a negative status. A process
    // that ended and waits to be reaped does not run. [thread-safe]
    davit_status(DAVIT_ABI *alive)(const davit_host *host, const char *identity, davit_call *call);

    // Waits until the process of an identity has ended, at most until the call's deadline
    // (DAVIT_E_TIMEOUT). Ended already: DAVIT_OK. [thread-safe]
    davit_status(DAVIT_ABI *wait)(const davit_host *host, const char *identity, davit_call *call);

    // Ends the process of an identity at once and waits until it is gone. Ended already, or its id
    // recycled: DAVIT_OK, and nobody else is touched. [thread-safe]
    davit_status(DAVIT_ABI *kill)(const davit_host *host, const char *identity, davit_call *call);
} davit_host_process;

#ifdef __cplusplus
}
#endif

#endif
