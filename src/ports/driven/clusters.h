/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/clusters.h - clusters as somebody else: one of another kubeconfig, or our own as a service account.
 *
 * Handles are shared by whoever asks for the same target, kept for a while when nobody does, and closed then. An outage
 * of one target concerns nobody but its users. Thread-safe. Implemented by main/clusters.c.
 */
#ifndef PORTS_DRIVEN_CLUSTERS_H
#define PORTS_DRIVEN_CLUSTERS_H

#include "base/secret.h"
#include "ports/driven/cluster.h"

struct cluster_target {
    struct secret kubeconfig;   /* its text; unset: the cluster that we run on */
    struct str kubeconfig_name; /* for messages: "Secret/ns/name" */
    struct str user; /* to impersonate there: "system:serviceaccount:ns:name"; "": nobody */
};

struct clusters_ops {
    /*
     * *ret is good until r->arena ends. No call is made yet. ERR_INVALID: not a kubeconfig; ERR_UNSUPPORTED: one that would
     * run a program, read files of this machine or go without TLS.
     */
    struct err *(*open)(void *self, struct run *r, const struct cluster_target *target,
                        struct cluster *ret);
};

struct clusters {
    const struct clusters_ops *ops; /* no entry is NULL */
    void *self;
};

MUST_CHECK static inline struct err *clusters_open(const struct clusters *c, struct run *r,
                                                   const struct cluster_target *target,
                                                   struct cluster *ret)
{
    return c->ops->open(c->self, r, target, ret);
}

#endif
