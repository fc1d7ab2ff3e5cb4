// SPDX-License-Identifier: Apache-2.0
// The conventions of the border between davit and its plugins, its status codes, and the call
// context.
#ifndef DAVIT_BASE_H
#define DAVIT_BASE_H

// 1. All strings are NUL-terminated UTF-8; all documents are JSON (RFC 8259).
// 2. Pointers passed in are borrowed until the call returns.
// 3. Results are pushed through davit_call; nothing allocated on one side is freed on the other.
// 4. No exception, longjmp or panic leaves a function declared in these headers.
// 5. Structs only grow at the end, and say their size in their first member.
//
// Thread tags, last in a comment:
//   [thread-safe]  may run on any thread, at the same time as anything else.
//   [serial]       may run on any thread; the host never runs two [serial] functions of the same
//                  handle (or, where there is no handle, of the same plugin) at once.
// A handle is closed once, after every other call on it has returned.
//
// A plugin runs as the user who runs davit, with that user's rights: this border is a contract, not
// a security boundary.

#include <stddef.h>
#include <stdint.h>

#define DAVIT_SDK_MAJOR 1
#define DAVIT_SDK_MINOR 0

#if defined(_WIN32)
#define DAVIT_ABI __cdecl
#define DAVIT_VISIBLE __declspec(dllexport)
#else
#define DAVIT_ABI
#define DAVIT_VISIBLE __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
#define DAVIT_EXPORT extern "C" DAVIT_VISIBLE
extern "C" {
#else
#define DAVIT_EXPORT DAVIT_VISIBLE
#endif

// 0, or one of the negatives below. A negative that the reader does not know is DAVIT_E_FAILED.
typedef int32_t davit_status;

// Whether `table`, of the struct `type`, is long enough to have `member`: asked before the use of
// anything that SDK 1.0 did not have, because the other side may be older.
#define DAVIT_HAS(type, table, member) \
    ((table)->struct_size >= offsetof(type, member) + sizeof((table)->member))

enum {
    DAVIT_OK = 0,
    DAVIT_E_FAILED = -1,       // none of the others; the message says what happened
    DAVIT_E_INVALID = -2,      // the request makes no sense: bad document, bad value
    DAVIT_E_UNSUPPORTED = -3,  // never, in this build of the plugin
    DAVIT_E_UNAVAILABLE = -4,  // this computer lacks something; a hint is mandatory
    DAVIT_E_STATE = -5,        // not in the state that the machine or mount is in now
    DAVIT_E_NOT_FOUND = -6,    // the thing named does not exist
    DAVIT_E_EXISTS = -7,       // the thing named exists already
    DAVIT_E_BUSY = -8,         // somebody else is using it; try again later
    DAVIT_E_TIMEOUT = -9,      // the deadline passed
    DAVIT_E_CANCELLED = -10,   // the user gave up; everything was undone
    DAVIT_E_NO_SPACE = -11     // a disk is full
};

// One request, seen from the side that serves it. Passed to every function that can fail or take
// time. Owned by the caller of that function and valid until it returns; its members are
// [thread-safe] during that time. A plugin calls a host service in the same way, and then is the
// one who makes the davit_call.
typedef struct davit_call {
    size_t struct_size;
    void *ctx;            // the caller's; do not touch
    uint32_t timeout_ms;  // the whole call's deadline, counted from its start; 0: none
    uint32_t flags;       // 0 in SDK 1.0

    // Appends `size` bytes to the reply document, which is complete when the function returns
    // DAVIT_OK and is dropped otherwise.
    void(DAVIT_ABI *reply)(struct davit_call *call, const char *json, size_t size);

    // Says why the function is about to fail, and what the user can do about it. `message` is a
    // sentence without a full stop; `hint` may be NULL, except with DAVIT_E_UNAVAILABLE. Only the
    // last message counts. Returns `status`, so that a plugin can write `return call->fail(...)`.
    davit_status(DAVIT_ABI *fail)(struct davit_call *call, davit_status status, const char *message,
                                  const char *hint);

    // Reports progress of the phase named, a few words such as "converting the image". `done` and
    // `total` are in one unit of the plugin's choice; total 0 means unknown. `phase` NULL reports
    // nothing and only asks whether to go on. Returns DAVIT_OK to go on, and DAVIT_E_CANCELLED once
    // the user gave up: undo, then return it. Call it at least every half second of work or
    // waiting.
    davit_status(DAVIT_ABI *progress)(struct davit_call *call, const char *phase, uint64_t done,
                                      uint64_t total);
} davit_call;

#ifdef __cplusplus
}
#endif

#endif
