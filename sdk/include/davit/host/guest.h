// SPDX-License-Identifier: Apache-2.0
// The host service that runs commands inside a guest, over the host's own connection to it.
#ifndef DAVIT_HOST_GUEST_H
#define DAVIT_HOST_GUEST_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DAVIT_HOST_GUEST "davit.host.guest/1"

// A command running in a guest, its standard input and output a duplex stream. The host's.
typedef struct davit_stream davit_stream;

// `guest` is the token that davit_mount.attach() was given; it is valid as long as the mount point.
// Commands are argument vectors: the host quotes them, no shell reads them. They run as the guest's
// user, who may use sudo without a password.
typedef struct davit_host_guest {
    size_t struct_size;

    // Runs a command to its end and replies how it ended and what it printed (schemas run-1.json
    // and run-result-1.json). A command that ran and failed is DAVIT_OK: the reply says so.
    // A guest that cannot be reached is DAVIT_E_UNAVAILABLE. [thread-safe]
    davit_status(DAVIT_ABI *run)(const davit_host *host, const char *guest, const char *request,
                                 davit_call *call);

    // Starts a command (schema run-1.json) and sets `*stream`, to be closed by the caller. What the
    // command writes to standard error goes to the host's log. [thread-safe]
    davit_status(DAVIT_ABI *open)(const davit_host *host, const char *guest, const char *request,
                                  davit_stream **stream, davit_call *call);

    // Reads at most `size` bytes, waiting for at least one, and says how many in `*got`: 0 is the
    // end of the stream. One reader and one writer may use a stream at once. [thread-safe]
    davit_status(DAVIT_ABI *read)(davit_stream *stream, void *data, size_t size, size_t *got,
                                  davit_call *call);

    // Writes all of `size` bytes, waiting as long as the guest does not read. [thread-safe]
    davit_status(DAVIT_ABI *write)(davit_stream *stream, const void *data, size_t size,
                                   davit_call *call);

    // Ends the command if it still runs, wakes a reader and a writer, and forgets the stream once
    // they have returned. Accepts NULL. [thread-safe]
    void(DAVIT_ABI *close)(davit_stream *stream);
} davit_host_guest;

#ifdef __cplusplus
}
#endif

#endif
