/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/discovery.h - all that an API server serves. For one kind, cluster_scope (ports/driven/cluster.h) asks less.
 *
 * Implementation: adapters/kube_inproc.
 */
#ifndef PORTS_DRIVEN_DISCOVERY_H
#define PORTS_DRIVEN_DISCOVERY_H

#include "base/run.h"

struct served_kinds {
    const struct str *items; /* "v1", "v1/Pod", "apps/v1", "apps/v1/Deployment" ...; each once */
    size_t count;
};

struct discovery_ops {
    /* Blocks as a call of ports/driven/cluster.h. A group that does not answer (ERR_UNAVAILABLE) is left out. */
    struct err *(*served)(void *self, struct run *r, struct served_kinds *ret);
};

struct discovery {
    const struct discovery_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
