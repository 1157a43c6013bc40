/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/request.h - what a request asks for: its path taken apart, its query decoded.
 *
 * Views into the request where nothing had to be decoded, else in the arena. Source of truth: apiserver
 * pkg/endpoints/request/requestinfo.go (1.35).
 */
#ifndef APP_APISERVER_REQUEST_H
#define APP_APISERVER_REQUEST_H

#include "core/apiserver/resource.h"
#include "ports/driving/api_server.h"

struct query_item {
    struct str key;
    struct str value;
};

struct query {
    struct query_item *items;
    size_t count;
    size_t cap;
};

struct query query_parse(struct arena *a, struct str text);
/* First value of the key, "" when there is none. */
struct str query_get(const struct query *q, const char *key);
bool query_has(const struct query *q, const char *key);
/* As Go's strconv.ParseBool with "" false and anything else unknown true. */
bool query_bool(const struct query *q, const char *key);

enum route_kind {
    ROUTE_NONE,          /* nothing is served under such a path */
    ROUTE_ROOT,          /* / */
    ROUTE_HEALTH,        /* /healthz /livez /readyz and below */
    ROUTE_VERSION,       /* /version */
    ROUTE_API,           /* /api */
    ROUTE_APIS,          /* /apis */
    ROUTE_GROUP,         /* /apis/GROUP */
    ROUTE_GROUP_VERSION, /* /api/v1, /apis/GROUP/VERSION */
    ROUTE_OPENAPI_V2,
    ROUTE_OPENAPI_INDEX,
    ROUTE_OPENAPI_GROUP_VERSION,
    ROUTE_RESOURCE,
};

struct route {
    enum route_kind kind;
    struct str group;
    struct str version;
    struct str ns;
    struct str plural;
    struct str name;
    struct str subresource;
    struct str rest; /* behind the subresource, or behind /healthz */
    bool too_long;   /* more segments than any resource has */
};

struct route route_parse(struct str path);

/* RBAC's verb of the request; `single` GETs with a name. */
struct str route_verb(const struct route *route, struct str method, const struct query *q);

#endif
