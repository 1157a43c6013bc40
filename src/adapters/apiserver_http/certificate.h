/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/apiserver_http/certificate.h - private to the adapter: X.509 certificates over EC P-256 keys, in PEM.
 */
#ifndef ADAPTERS_APISERVER_HTTP_CERTIFICATE_H
#define ADAPTERS_APISERVER_HTTP_CERTIFICATE_H

#include "base/err.h"

struct certificate {
    struct str crt; /* PEM */
    struct str key; /* PEM, PKCS #8 */
};

struct certificate_request {
    const char *name;  /* CN */
    const char *group; /* O; NULL: none */
    struct str host;   /* one more name or address of a server */
    bool is_ca;
    bool server;
};

/* Ten years; signed by `ca`, NULL: by itself. ERR_INTERNAL with OpenSSL's words. */
MUST_CHECK struct err *certificate_make(struct arena *a, const struct certificate_request *request,
                                        const struct certificate *ca, struct certificate *ret);

/* Signed by `ca`, valid now, and good for `host` unless that is "". */
bool certificate_is_good(const struct certificate *c, const struct certificate *ca,
                         struct str host);

#endif
