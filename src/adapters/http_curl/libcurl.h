/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/http_curl/libcurl.h - the functions of libcurl that a request needs, loaded at first use (docs/adr/0009).
 */
#ifndef ADAPTERS_HTTP_CURL_LIBCURL_H
#define ADAPTERS_HTTP_CURL_LIBCURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/err.h"

/* One row a function: the table and the struct below are made from it. */
#define HTTP_CURL_FUNCTIONS(X) \
    X(curl_global_init)        \
    X(curl_easy_init)          \
    X(curl_easy_setopt)        \
    X(curl_easy_perform)       \
    X(curl_easy_getinfo)       \
    X(curl_easy_cleanup)       \
    X(curl_slist_append)       \
    X(curl_slist_free_all)     \
    X(curl_easy_strerror)

struct http_curl_library {
#define MEMBER(name) __typeof__(&(name)) name;
    HTTP_CURL_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* ERR_UNSUPPORTED: the library is not there; the message names the Debian package. Thread-safe; loads once. */
MUST_CHECK struct err *http_curl_load(struct arena *a, const struct http_curl_library **ret);

#endif
