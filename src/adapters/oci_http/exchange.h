/* SPDX-License-Identifier: Apache-2.0 */
/* adapters/oci_http/exchange.h - one request to a registry, with what its challenge asks for. Private to oci_http. */
#ifndef ADAPTERS_OCI_HTTP_EXCHANGE_H
#define ADAPTERS_OCI_HTTP_EXCHANGE_H

#include "ports/driven/registry.h"

struct exchange {
    const struct http *http;
    struct run *run;
    const struct registry_remote *remote;
};

struct exchange_request {
    const char *method; /* "GET", "HEAD", "POST", "PUT" */
    struct str url;
    struct str accept;       /* "": anything */
    struct str content_type; /* "": there is no body */
    struct secret body;
    size_t body_max;
};

/* Credentials go to the registry's own origin alone. ERR_UNAUTHORIZED: credentials are asked for and there are none. A status that means failure is no error. */
MUST_CHECK struct err *exchange_send(const struct exchange *x, const struct exchange_request *r,
                                     struct http_answer *ret);

#endif
