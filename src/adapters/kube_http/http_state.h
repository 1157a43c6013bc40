/* SPDX-License-Identifier: Apache-2.0 */
/* adapters/kube_http/http_state.h - private to the adapter. */
#ifndef ADAPTERS_KUBE_HTTP_HTTP_STATE_H
#define ADAPTERS_KUBE_HTTP_HTTP_STATE_H

#include <pthread.h>

#include "adapters/kube_http/kube_http.h"
#include "adapters/kube_http/kubeconfig.h"
#include "adapters/kube_http/libcurl.h"

enum { IDLE_MAX = 32 };

struct kube_http {
    struct arena *home; /* holds this and the kubeconfig */
    const struct libcurl *curl;
    struct kubeconfig config;
    struct str base;               /* of every URL */
    struct curl_slist *connect_to; /* where that is; NULL: where it says */
    pthread_mutex_t lock;
    struct secret token; /* under lock, as the two below: the present one, in an arena of its own */
    struct arena *token_arena;
    int64_t token_read_ns; /* monotonic */
    CURL *idle[IDLE_MAX];  /* under lock, as the count: each keeps its connection open */
    size_t idle_count;
};

CURL *http_take(struct kube_http *k);
void http_give(struct kube_http *k, CURL *handle);

/* URL, method, headers, credentials and body of a request; *ret_headers is to be freed after the call. */
void http_prepare(struct kube_http *k, struct arena *a, CURL *handle, const struct api_request *req,
                  struct curl_slist **ret_headers);

/* A Status as the answer to a call that did not reach the server. */
void http_failure(struct arena *a, int status, const char *reason, const char *words,
                  struct api_response *ret);

/* watch.c */
void http_watch_open(void *self, struct run *r, const struct api_request *req,
                     const struct api_watch_sink *sink, struct api_watch **ret,
                     struct api_response *ret_refused);
void http_watch_close(void *self, struct api_watch *watch);

#endif
