/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_http/libcurl.h - the functions of libcurl that we use, loaded at first use (docs/adr on start-up).
 */
#ifndef ADAPTERS_KUBE_HTTP_LIBCURL_H
#define ADAPTERS_KUBE_HTTP_LIBCURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/err.h"

/* One row a function: the table and the struct below are made from it. */
#define LIBCURL_FUNCTIONS(X)    \
    X(curl_global_init)         \
    X(curl_easy_init)           \
    X(curl_easy_setopt)         \
    X(curl_easy_perform)        \
    X(curl_easy_getinfo)        \
    X(curl_easy_reset)          \
    X(curl_easy_cleanup)        \
    X(curl_easy_strerror)       \
    X(curl_slist_append)        \
    X(curl_slist_free_all)      \
    X(curl_multi_init)          \
    X(curl_multi_setopt)        \
    X(curl_multi_add_handle)    \
    X(curl_multi_remove_handle) \
    X(curl_multi_perform)       \
    X(curl_multi_poll)          \
    X(curl_multi_info_read)     \
    X(curl_multi_cleanup)

struct libcurl {
#define MEMBER(name) __typeof__(&(name)) name;
    LIBCURL_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* ERR_UNSUPPORTED: the library is not there; the message names the Debian package. Thread-safe; loads once. */
MUST_CHECK struct err *libcurl_load(struct arena *a, const struct libcurl **ret);

#endif
