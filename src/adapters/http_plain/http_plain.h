/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/http_plain/http_plain.h - unencrypted HTTP for machines: artifacts as source-controller serves them, /metrics,
 * /healthz and /readyz. GET and HEAD only. Runs on the reactor's thread; files are sent by the kernel.
 */
#ifndef ADAPTERS_HTTP_PLAIN_HTTP_PLAIN_H
#define ADAPTERS_HTTP_PLAIN_HTTP_PLAIN_H

#include "base/buf.h"
#include "base/err.h"

struct event_base;
struct http_plain;

struct http_plain_options {
    struct event_base *base; /* of the reactor; not running yet, or this thread's */
    struct str host;
    uint16_t port;             /* 0: a free one */
    const char *artifact_root; /* folder whose files are served; NULL: none */
    /* Text of /metrics; NULL: no /metrics. Called on the reactor's thread. */
    void (*print_metrics)(void *self, struct buf *out);
    bool (*is_ready)(void *self); /* NULL: ready once it answers */
    void *self;
};

/* ERR_IO: the address cannot be listened on. */
MUST_CHECK struct err *http_plain_new(struct arena *a, const struct http_plain_options *options,
                                      struct http_plain **ret);
uint16_t http_plain_port(const struct http_plain *h);
void http_plain_free(struct http_plain *h); /* after the reactor has stopped; NULL is fine */

#endif
