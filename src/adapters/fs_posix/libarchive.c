/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/fs_posix/libarchive.h"

#include <dlfcn.h>
#include <pthread.h>

/* The one loaded library of the process; written once, under pthread_once. */
static struct {
    pthread_once_t once;
    bool complete;
    struct libarchive functions;
} loaded = { .once = PTHREAD_ONCE_INIT };

static void load(void)
{
    void *library = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
    bool complete = library != NULL;

    /* POSIX lets a data pointer from dlsym hold a function; C has no cast for it, so the bytes are copied. */
#define LOAD(name)                                              \
    if (complete) {                                             \
        void *symbol = dlsym(library, #name);                   \
                                                                \
        complete = symbol != NULL;                              \
        memcpy(&loaded.functions.name, &symbol, sizeof symbol); \
    }
    LIBARCHIVE_FUNCTIONS(LOAD)
#undef LOAD
    loaded.complete = complete;
}

struct err *libarchive_load(struct arena *a, const struct libarchive **ret)
{
    (void)pthread_once(&loaded.once, load);
    if (!loaded.complete)
        return err_new(a, ERR_UNSUPPORTED,
                       "libarchive.so.13 could not be loaded: install the package libarchive13");
    *ret = &loaded.functions;
    return NULL;
}
