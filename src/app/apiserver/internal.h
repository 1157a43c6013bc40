/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/internal.h - private to app/apiserver: requests that the server's own controllers make.
 *
 * They go the way of every request, so that managed fields, validation and finalizers are what a client would see;
 * only the door is missing. The user is in system:masters; the agent names the field manager.
 */
#ifndef APP_APISERVER_INTERNAL_H
#define APP_APISERVER_INTERNAL_H

#include "app/apiserver/state.h"

struct internal_request {
    const char *method;
    struct str path;          /* not encoded */
    struct str query;         /* encoded */
    const char *content_type; /* NULL: application/json */
    const struct val *body;   /* NULL: none */
    const char *agent;        /* field manager */
};

/* HTTP status; *ret_body (may be NULL) is the answer as a tree, NULL when it is no JSON. */
int internal_serve(struct apiserver *s, struct run *r, const struct internal_request *req,
                   const struct val **ret_body);

/* /apis/GROUP/VERSION/namespaces/NS/PLURAL/NAME[/SUBRESOURCE]; name "" for the collection. */
struct str internal_path(struct arena *a, const struct api_resource *res, struct str ns,
                         struct str name, const char *subresource);

#endif
