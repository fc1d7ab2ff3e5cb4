// SPDX-License-Identifier: Apache-2.0
// The entry of a plugin, and what the host gives to it.
#ifndef DAVIT_PLUGIN_H
#define DAVIT_PLUGIN_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { DAVIT_LOG_DEBUG = 0, DAVIT_LOG_INFO = 1, DAVIT_LOG_WARNING = 2, DAVIT_LOG_ERROR = 3 };

// The host, seen from a plugin. Owned by the host; valid from start() until stop() returns.
typedef struct davit_host {
    size_t struct_size;
    void *ctx;           // the host's; do not touch
    uint32_t sdk_major;  // DAVIT_SDK_MAJOR of the host, when it was compiled
    uint32_t sdk_minor;
    const char *name;     // the program's name, for messages
    const char *version;  // the program's version, for messages

    // Records a line for whoever debugs the plugin. Not for what the user must know: that is what
    // davit_call.fail is for. [thread-safe]
    void(DAVIT_ABI *log)(const struct davit_host *host, int32_t level, const char *message);

    // Returns the table of the host service named by `id` (davit/host/*.h), or NULL if this host
    // has none. The table lives as long as the host. [thread-safe]
    const void *(DAVIT_ABI *get)(const struct davit_host *host, const char *id);
} davit_host;

// What a plugin offers. Constant data in the plugin's image: reading it runs no code.
typedef struct davit_plugin {
    size_t struct_size;
    uint32_t sdk_major;  // DAVIT_SDK_MAJOR of the plugin, when it was compiled
    uint32_t sdk_minor;
    const char *manifest;  // byte for byte the plugin.json beside the library

    // Called once, before any table's function. A failure leaves the plugin out. [serial]
    davit_status(DAVIT_ABI *start)(const davit_host *host, davit_call *call);

    // Called once, last, if start() succeeded. When it returns, no thread of the plugin runs.
    // Machines and mounts go on. The library is not unloaded afterwards. [serial]
    void(DAVIT_ABI *stop)(void);

    // Returns the table that implements the capability `id`, or NULL. Non-NULL exactly for the ids
    // under "provides" in the manifest. The answer never changes, and may be asked for before
    // start(). [thread-safe]
    const void *(DAVIT_ABI *get)(const char *id);
} davit_plugin;

// The only symbol that a plugin exports: `const davit_plugin *davit_plugin_v1(void)`. Returns a
// constant, without side effects. The SDK's major version is in the name. [thread-safe]
#define DAVIT_ENTRY_SYMBOL "davit_plugin_v1"
DAVIT_EXPORT const davit_plugin *DAVIT_ABI davit_plugin_v1(void);

typedef const davit_plugin *(DAVIT_ABI *davit_entry)(void);

#ifdef __cplusplus
}
#endif

#endif
