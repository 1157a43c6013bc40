/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/http.h - documents of other machines over http and https.
 *
 * Calls block until done, r->deadline or cancellation. Thread-safe. Certificates are checked against the system's
 * authorities; redirects are followed, to http and https only. Implementation: adapters/http_curl.
 */
#ifndef PORTS_DRIVEN_HTTP_H
#define PORTS_DRIVEN_HTTP_H

#include "base/run.h"

struct http_get {
    struct str url;
    size_t body_max; /* bytes */
};

struct http_document {
    int status;      /* of the last answer; a status that means failure is no error here */
    struct str body; /* in r->arena */
};

struct http_ops {
    /* ERR_INVALID: the URL; ERR_UNAVAILABLE, ERR_TIMEOUT, ERR_CANCELLED; ERR_TOO_LARGE beyond body_max. */
    struct err *(*get)(void *self, struct run *r, const struct http_get *request,
                       struct http_document *ret);
};

struct http {
    const struct http_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
