/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/release_cluster.h - the cluster that a chart is rendered and checked against, without changing anything there.
 * Results live in r->arena. Implemented by app/charts/release_cluster.
 */
#ifndef PORTS_DRIVING_RELEASE_CLUSTER_H
#define PORTS_DRIVING_RELEASE_CLUSTER_H

#include "base/run.h"
#include "core/kube/obj_ref.h"

/* What `.Capabilities` says of a cluster. */
struct release_capabilities {
    struct str version;             /* "v1.35.4" */
    const struct str *api_versions; /* "apps/v1", "apps/v1/Deployment" */
    size_t api_version_count;
};

struct release_identity {
    struct str name;
    struct str ns;
    bool is_upgrade; /* its objects may be there already */
};

struct release_cluster_ops {
    struct err *(*capabilities)(void *self, struct run *r, struct release_capabilities *ret);
    /* Helm's `lookup`: the object, a List where name is "", an empty map where there is none. ERR_NOT_FOUND: no such kind. */
    struct err *(*lookup)(void *self, struct run *r, const struct obj_ref *ref,
                          const struct val **ret);
    /*
     * Whether the server would take the objects: kinds it knows, fields it knows, admission. Nothing is stored. An object that is
     * there already must be the release's own. All errors joined, each with its object; NULL: it would.
     */
    struct err *(*validate)(void *self, struct run *r, const struct release_identity *release,
                            const struct val *const *objects, size_t count);
};

struct release_cluster {
    const struct release_cluster_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
