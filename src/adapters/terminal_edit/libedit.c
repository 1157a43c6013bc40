/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/terminal_edit/libedit.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

/* The one loaded library of the process; written once, under pthread_once. */
static struct {
    pthread_once_t once;
    bool complete;
    struct libedit functions;
} loaded = { .once = PTHREAD_ONCE_INIT };

static void load(void)
{
    void *library = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
    void *readline = library ? dlsym(library, "readline") : NULL;
    void *add_history = library ? dlsym(library, "add_history") : NULL;

    /* POSIX lets a data pointer from dlsym hold a function; C has no cast for it, so the bytes are copied. */
    memcpy(&loaded.functions.readline, &readline, sizeof readline);
    memcpy(&loaded.functions.add_history, &add_history, sizeof add_history);
    loaded.complete = readline && add_history;
}

struct err *libedit_load(struct arena *a, const struct libedit **ret)
{
    (void)pthread_once(&loaded.once, load);
    if (!loaded.complete)
        return err_new(
            a, ERR_UNSUPPORTED,
            "libedit.so.2 could not be loaded: install the package libedit2, or give the "
            "lines on standard input");
    *ret = &loaded.functions;
    return NULL;
}
