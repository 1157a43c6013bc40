/* SPDX-License-Identifier: Apache-2.0 */
/* adapters/kube_http/http_state.h - private to the adapter. */
#ifndef ADAPTERS_KUBE_HTTP_HTTP_STATE_H
#define ADAPTERS_KUBE_HTTP_HTTP_STATE_H

#include <pthread.h>

#include "adapters/kube_http/kube_http.h"
#include "adapters/kube_http/libcurl.h"
#include "adapters/kube_http/login.h"
#include "base/buf.h"

enum { IDLE_MAX = 32, IDLE_MULTI_MAX = 16 };

struct kube_http {
    struct arena *home; /* holds this and the kubeconfig */
    const struct libcurl *curl;
    struct kubeconfig config;
    struct str base;               /* of every URL */
    struct curl_slist *connect_to; /* where that is; NULL: where it says */
    struct process process;        /* ops NULL: none */
    struct metrics metrics;        /* ops NULL: nothing is counted */
    struct str host;               /* host:port, for metrics */
    struct login login;
    pthread_mutex_t lock;
    CURL *idle[IDLE_MAX]; /* under lock, as the count: each keeps its connection open */
    size_t idle_count;
    CURLM *idle_multi[IDLE_MULTI_MAX]; /* likewise: for sets of requests */
    size_t idle_multi_count;
};

CURL *http_take(struct kube_http *k);
void http_give(struct kube_http *k, CURL *handle);

/*
 * URL, method, headers, credentials and body of a request; *ret_headers is to be freed after the call, also on an error:
 * ERR_UNAUTHORIZED of a credential plugin. What libcurl borrows lives in the run's arena.
 */
MUST_CHECK struct err *http_prepare(struct kube_http *k, struct run *r, CURL *handle,
                                    const struct api_request *req, struct curl_slist **ret_headers);

/* Counts a request: its answer's code, 0 where there was none. `took_ns` < 0: not timed, as a watch. */
void http_measure(struct kube_http *k, struct arena *a, struct str method, long code,
                  int64_t took_ns);

/* What an answer that is no success asks for before the next attempt, in ms; -1: nothing, it is the answer. */
int64_t http_retry_ms(const struct kube_http *k, CURL *handle);

/* One request on its way. */
struct exchange {
    CURL *handle;
    struct curl_slist *headers;
    struct buf body;
    int64_t begun;    /* monotonic, ns */
    int64_t pause_ms; /* out: as of http_retry_ms */
};

/* False: it cannot be sent, and *ret says why. Else exchange_end is to follow. */
bool exchange_begin(struct exchange *x, struct kube_http *k, struct run *r,
                    const struct api_request *req, struct api_response *ret);
/* Sets pause_ms. */
void exchange_end(struct exchange *x, struct kube_http *k, struct run *r,
                  const struct api_request *req, CURLcode code, struct api_response *ret);

/* kube_http.c: one request, asked again where the server says when. */
void http_serve(void *self, struct run *r, const struct api_request *req, struct api_response *ret);
/* False: the run ends before that. */
bool http_pause(const struct run *r, int64_t ms);
int64_t http_now_ns(void); /* monotonic */

/* multi.c */
void http_serve_all(void *self, struct run *r, const struct api_request *reqs, size_t count,
                    struct api_response *ret);

/* A Status as the answer to a call that did not reach the server. */
void http_failure(struct arena *a, int status, const char *reason, const char *words,
                  struct api_response *ret);

/* watch.c */
void http_watch_open(void *self, struct run *r, const struct api_request *req,
                     const struct api_watch_sink *sink, struct api_watch **ret,
                     struct api_response *ret_refused);
void http_watch_close(void *self, struct api_watch *watch);

#endif
