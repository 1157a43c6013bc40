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

/* Gives a token of the target's, and when it ends (0: it does not say). Called when the one before nears its end. */
struct cluster_tokens {
    struct err *(*get)(void *self, struct run *r, struct secret *ret,
                       struct wall_time *ret_expires);
    void *self;
    struct str key; /* the same key, the same tokens */
};

struct cluster_target {
    struct secret kubeconfig;   /* its text; unset: `address`, or the cluster that we run on */
    struct str kubeconfig_name; /* for messages: "Secret/ns/name" */
    struct str address;         /* https://host:port of a cluster that `tokens` are for; "": none */
    struct str ca_pem;          /* of `address`; "": the system's authorities */
    struct cluster_tokens tokens;
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
