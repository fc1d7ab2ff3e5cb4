// SPDX-License-Identifier: Apache-2.0
// A driver whose machines exist on paper: each is a file that says in which state it would be.
#include <davit/driver.h>
#include <davit/ext/suspend.h>
#include <davit/plugin.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "davit_manifest.h"

// Handles are the plugin's: the host never looks inside.
struct davit_machine {
    char *state;      // the file with the machine's state, a single word
    char *new_state;  // written first, then renamed: a crash leaves the old state or the new one
                      // (a driver that is not on paper also flushes it to the disk: fsync)
    char *spec;       // the file with what the host asked for
};

// ---- Strings and files

static char *join(const char *dir, const char *name) {
    const size_t size = strlen(dir) + strlen(name) + 2;
    char *path = malloc(size);
    if (path != NULL) snprintf(path, size, "%s/%s", dir, name);
    return path;
}

// The last error of the C library, as the reason why `what` failed.
static davit_status fail_errno(davit_call *call, const char *what, const char *path) {
    const int error = errno;
    char message[4096];
    snprintf(message, sizeof message, "cannot %s %s: %s", what, path, strerror(error));
#ifdef ENOSPC
    if (error == ENOSPC) return call->fail(call, DAVIT_E_NO_SPACE, message, NULL);
#endif
    return call->fail(call, DAVIT_E_FAILED, message, NULL);
}

static davit_status write_file(const char *path, const char *text, davit_call *call) {
    FILE *file = fopen(path, "wb");
    if (file == NULL) return fail_errno(call, "create", path);
    const int failed = fputs(text, file) == EOF;
    if (fclose(file) != 0 || failed) return fail_errno(call, "write", path);
    return DAVIT_OK;
}

static void reply(davit_call *call, const char *json) {
    call->reply(call, json, strlen(json));
}

// ---- Handles

static void DAVIT_ABI machine_close(davit_machine *machine) {
    if (machine == NULL) return;
    free(machine->state);
    free(machine->new_state);
    free(machine->spec);
    free(machine);
}

static davit_machine *machine_at(const char *dir) {
    davit_machine *machine = calloc(1, sizeof *machine);
    if (machine == NULL) return NULL;
    machine->state = join(dir, "state");
    machine->new_state = join(dir, "state.new");
    machine->spec = join(dir, "machine.json");
    if (machine->state != NULL && machine->new_state != NULL && machine->spec != NULL)
        return machine;
    machine_close(machine);
    return NULL;
}

static davit_status no_memory(davit_call *call) {
    return call->fail(call, DAVIT_E_FAILED, "there is not enough memory", NULL);
}

// ---- States

static davit_status read_state(davit_machine *machine, char word[16], davit_call *call) {
    FILE *file = fopen(machine->state, "rb");
    if (file == NULL) return fail_errno(call, "read", machine->state);
    const int found = fscanf(file, "%15s", word);
    fclose(file);
    if (found == 1) return DAVIT_OK;
    return call->fail(call, DAVIT_E_FAILED, "the machine's state is empty", NULL);
}

static davit_status write_state(davit_machine *machine, const char *word, davit_call *call) {
    const davit_status status = write_file(machine->new_state, word, call);
    if (status != DAVIT_OK) return status;
    if (rename(machine->new_state, machine->state) == 0) return DAVIT_OK;
    return fail_errno(call, "replace", machine->state);
}

// ---- davit.driver/1, in the order of davit/driver.h

static davit_status DAVIT_ABI driver_probe(davit_call *call) {
    reply(call,
          "{\"version\": \"paper 1.0\", \"notes\": [\"machines of this driver do not run\"]}");
    return DAVIT_OK;
}

static davit_status DAVIT_ABI driver_create(const char *dir, const char *spec, davit_call *call) {
    davit_machine *machine = machine_at(dir);
    if (machine == NULL) return no_memory(call);
    davit_status status = write_file(machine->spec, spec, call);
    if (status == DAVIT_OK) status = write_state(machine, "stopped", call);
    if (status != DAVIT_OK) {  // leave the directory as it was: empty
        remove(machine->new_state);
        remove(machine->spec);
    }
    machine_close(machine);
    return status;
}

static davit_status DAVIT_ABI driver_open(const char *dir, davit_machine **machine,
                                          davit_call *call) {
    char word[16];
    davit_machine *opened = machine_at(dir);
    if (opened == NULL) return no_memory(call);
    const davit_status status = read_state(opened, word, call);
    if (status == DAVIT_OK)
        *machine = opened;
    else
        machine_close(opened);
    return status;
}

static davit_status DAVIT_ABI driver_inspect(davit_machine *machine, davit_call *call) {
    char word[16];
    char json[64];
    const davit_status status = read_state(machine, word, call);
    if (status != DAVIT_OK) return status;
    snprintf(json, sizeof json, "{\"state\": \"%s\"}", word);
    reply(call, json);
    return DAVIT_OK;
}

static davit_status DAVIT_ABI driver_start(davit_machine *machine, davit_call *call) {
    // A real driver reports progress while it waits, and stops when that says so.
    const davit_status go_on = call->progress(call, "pretending to start", 0, 0);
    if (go_on != DAVIT_OK) return go_on;
    return write_state(machine, "running", call);
}

static davit_status DAVIT_ABI driver_stop(davit_machine *machine, int32_t how, davit_call *call) {
    if (how != DAVIT_STOP_GRACEFUL && how != DAVIT_STOP_FORCE)
        return call->fail(call, DAVIT_E_INVALID, "there is no such way to stop", NULL);
    return write_state(machine, "stopped", call);
}

static davit_status DAVIT_ABI driver_remove(davit_machine *machine, davit_call *call) {
    const char *paths[] = {machine->spec, machine->new_state, machine->state};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; ++i)
        if (remove(paths[i]) != 0 && errno != ENOENT) return fail_errno(call, "delete", paths[i]);
    return DAVIT_OK;
}

static const davit_driver driver = {sizeof(davit_driver), driver_probe,  driver_create,
                                    driver_open,          machine_close, driver_inspect,
                                    driver_start,         driver_stop,   driver_remove};

// ---- davit.driver.suspend/1

static davit_status DAVIT_ABI suspend_suspend(davit_machine *machine, davit_call *call) {
    char word[16];
    const davit_status status = read_state(machine, word, call);
    if (status != DAVIT_OK) return status;
    if (strcmp(word, "stopped") == 0)
        return call->fail(call, DAVIT_E_STATE, "the machine is stopped", "start it first");
    return write_state(machine, "suspended", call);
}

static davit_status DAVIT_ABI suspend_discard(davit_machine *machine, davit_call *call) {
    char word[16];
    const davit_status status = read_state(machine, word, call);
    if (status != DAVIT_OK) return status;
    if (strcmp(word, "running") == 0)
        return call->fail(call, DAVIT_E_STATE, "the machine is running", "stop it instead");
    return write_state(machine, "stopped", call);
}

static const davit_driver_suspend suspend = {sizeof(davit_driver_suspend), suspend_suspend,
                                             suspend_discard};

// ---- The plugin

static davit_status DAVIT_ABI plugin_start(const davit_host *host, davit_call *call) {
    (void)call;
    host->log(host, DAVIT_LOG_DEBUG, "the paper driver has started");
    return DAVIT_OK;
}

static void DAVIT_ABI plugin_stop(void) {}

static const void *DAVIT_ABI plugin_get(const char *id) {
    if (strcmp(id, DAVIT_DRIVER) == 0) return &driver;
    if (strcmp(id, DAVIT_DRIVER_SUSPEND) == 0) return &suspend;
    return NULL;  // whatever else is asked for: not provided
}

static const davit_plugin plugin = {
    sizeof(davit_plugin), DAVIT_SDK_MAJOR, DAVIT_SDK_MINOR, davit_manifest,
    plugin_start,         plugin_stop,     plugin_get};

DAVIT_EXPORT const davit_plugin *DAVIT_ABI davit_plugin_v1(void) {
    return &plugin;
}
