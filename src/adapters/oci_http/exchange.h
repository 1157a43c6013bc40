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
    const char *method; /* "GET", "HEAD" */
    struct str url;
    struct str accept; /* "": anything */
    size_t body_max;
};

/* ERR_UNAUTHORIZED: credentials are asked for and there are none. A status that means failure is no error. */
MUST_CHECK struct err *exchange_send(const struct exchange *x, const struct exchange_request *r,
                                     struct http_answer *ret);

#endif
