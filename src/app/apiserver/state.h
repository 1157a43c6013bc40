/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/state.h - private to app/apiserver: the server's long-lived parts, and one request under way.
 */
#ifndef APP_APISERVER_STATE_H
#define APP_APISERVER_STATE_H

#include <pthread.h>

#include "app/apiserver/registry.h"
#include "app/apiserver/request.h"
#include "app/apiserver/server.h"
#include "core/apiserver/decode.h"

struct hub;
struct keeper;
struct simulator;

/* Owned by apiserver_new; everything lives in `home`. The parts lock themselves. */
struct apiserver {
    struct arena *home;
    struct object_store store;
    struct clock clock;
    struct random_source random;
    struct log log;
    struct str address;
    struct registry *registry;
    struct hub *hub;             /* feeds watches */
    struct keeper *keeper;       /* garbage, namespaces, definitions, roles */
    struct simulator *simulator; /* NULL: workloads are left alone */
    pthread_mutex_t crd_lock;    /* one definition is settled at a time: names may clash */
};

/* One request: made by serve(), belongs to its thread, lives in the run's arena. */
struct call {
    struct apiserver *s;
    struct run *r;
    struct arena *a; /* r->arena */
    const struct api_request *req;
    struct query query;
    struct route route;
    struct str verb;                     /* as RBAC names it */
    const struct api_resource *resource; /* ROUTE_RESOURCE and served */
    const struct api_subresource *subresource;
    struct api_user user; /* after impersonation */
    struct accept accept;
    struct warning_list warnings;
    bool dry_run;
};

/* What a verb answers; serve() encodes it as the client accepts. */
struct answer {
    int status;              /* HTTP */
    const struct val *body;  /* NULL: `text` */
    struct str text;         /* plain text */
    struct str content_type; /* of a document with one of its own; "": as encoded */
    bool is_object;          /* body is an object of the resource: Table and the like apply */
    bool is_list;
    const struct val *const *items; /* of a list, complete objects */
    size_t item_count;
    const struct val *list_meta;
};

#endif
