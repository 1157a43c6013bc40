/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/apiserver_http/apiserver_http.h - the embedded API server on an HTTPS port.
 *
 * HTTP/1.1 over TLS 1.2 and 1.3 (clients that ask for h2 by ALPN are told http/1.1). The loop's thread only moves bytes:
 * whole requests go to a pool of workers, which authenticate, call the server (ports/driving/api_server.h) and hand
 * the answer back; watches are fed from the server's own thread through a bounded box each, and one that lags
 * behind is cut off. Requests are bounded (base/limits.h): 413, 431, 503 beyond.
 *
 * Who asks: a client certificate of our CA (CN the user, O the groups), or a bearer token: the administrator's, or one
 * the server gave out. Nobody: 401, but for /healthz, /livez, /readyz and /version.
 */
#ifndef ADAPTERS_APISERVER_HTTP_APISERVER_HTTP_H
#define ADAPTERS_APISERVER_HTTP_APISERVER_HTTP_H

#include "adapters/apiserver_http/credentials.h"
#include "ports/driven/clock.h"
#include "ports/driving/api_server.h"

struct apiserver_http;
struct event_base; /* libevent */

struct apiserver_http_options {
    struct event_base *base; /* the reactor's, not yet running; borrowed */
    struct api_server server;
    struct clock clock;
    const struct credentials *credentials; /* copied */
    struct str host;                       /* numeric address to bind */
    uint16_t port;                         /* 0: any */
    unsigned workers;                      /* 0: 8 */
};

/* Binds and starts the workers; requests are taken once the loop runs. ERR_IO: the address is taken. */
MUST_CHECK struct err *apiserver_http_new(struct arena *a,
                                          const struct apiserver_http_options *options,
                                          struct apiserver_http **ret);

uint16_t apiserver_http_port(const struct apiserver_http *h);

/* The loop has ended. Finishes what workers have in hand, closes every connection. NULL is fine. */
void apiserver_http_free(struct apiserver_http *h);

#endif
