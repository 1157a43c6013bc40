/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_http/libcurl.h"

#include <dlfcn.h>
#include <pthread.h>

/* The one loaded library of the process; written once, under pthread_once. */
static struct {
    pthread_once_t once;
    bool complete;
    struct libcurl functions;
} loaded = { .once = PTHREAD_ONCE_INIT };

/* Macros of curl.h would take the names' place below. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

static void load(void)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    bool complete = library != NULL;

    /* POSIX lets a data pointer from dlsym hold a function; C has no cast for it, so the bytes are copied. */
#define LOAD(name)                                              \
    if (complete) {                                             \
        void *symbol = dlsym(library, #name);                   \
                                                                \
        complete = symbol != NULL;                              \
        memcpy(&loaded.functions.name, &symbol, sizeof symbol); \
    }
    LIBCURL_FUNCTIONS(LOAD)
#undef LOAD
    loaded.complete = complete &&
                      loaded.functions.curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

struct err *libcurl_load(struct arena *a, const struct libcurl **ret)
{
    (void)pthread_once(&loaded.once, load);
    if (!loaded.complete)
        return err_new(a, ERR_UNSUPPORTED,
                       "libcurl.so.4 could not be loaded: install the package libcurl4");
    *ret = &loaded.functions;
    return NULL;
}
