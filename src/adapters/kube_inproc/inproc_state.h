/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_inproc/inproc_state.h - private to the adapter: requests, and what kinds are called in paths.
 */
#ifndef ADAPTERS_KUBE_INPROC_INPROC_STATE_H
#define ADAPTERS_KUBE_INPROC_INPROC_STATE_H

#include <pthread.h>

#include "adapters/kube_inproc/kube_inproc.h"
#include "base/map.h"
#include "ports/driven/cluster.h"

struct kind_entry {
    struct str plural;
    bool namespaced;
};

struct kube_inproc {
    struct arena *home; /* holds this, user and kinds */
    struct api_server server;
    struct api_user user;
    struct api_user impersonate; /* name "": nobody */
    pthread_mutex_t lock;
    struct map kinds; /* "group/version/Kind" to struct kind_entry; under lock */
};

struct inproc_request {
    const char *method;
    struct str path;
    struct str query;
    const char *content_type;
    struct str body;
    struct str agent; /* field manager by default */
};

/* The answer as a tree, or the error that its Status says. ret may be NULL. */
MUST_CHECK struct err *inproc_serve(struct kube_inproc *k, struct run *r,
                                    const struct inproc_request *req, const struct val **ret);

/* Several at once, in any order: those whose ret[i].err is set already are left out. */
void inproc_serve_all(struct kube_inproc *k, struct run *r, const struct inproc_request *reqs,
                      size_t count, struct cluster_result *ret);

/* A Status as an error; `doing` leads the message where it is not "". */
struct err *inproc_status_err(struct arena *a, const struct val *status, int http_code);

/* kinds.c: ERR_NOT_FOUND: the server does not serve the kind, asked anew when it is not known yet. */
MUST_CHECK struct err *inproc_kind(struct kube_inproc *k, struct run *r, const struct gvk *gvk,
                                   struct kind_entry *ret);
/* Path of an object, or of a collection with name "". */
struct str inproc_path(struct arena *a, const struct gvk *gvk, const struct kind_entry *kind,
                       struct str ns, struct str name, struct str subresource);

/* Appends key=value to a query, escaped; nothing when the value is "". */
struct buf;
void inproc_query(struct buf *b, const char *key, struct str value);

#endif
