/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/simulation.h - a fleet repository reconciled in a throw-away cluster, before it is merged. Implemented by main.
 *
 * The embedded API server with its workload simulator and the engine run in this process for the time of the call; what the
 * repository's own GitRepository would fetch is the working tree, or a revision of it. Nothing is written outside a temporary
 * folder, which is removed.
 */
#ifndef PORTS_DRIVING_SIMULATION_H
#define PORTS_DRIVING_SIMULATION_H

#include "base/run.h"
#include "core/kube/obj_ref.h"

struct simulation_settings {
    struct str repository; /* folder of the machine */
    struct str revision; /* branch, tag or commit; "": the working tree, without what Git ignores */
    struct str
        base; /* reconciled before it, so that deletions show; "": the cluster is empty before */
    struct str path;      /* of the cluster in the repository: clusters/production */
    bool fetch_others;    /* sources of other repositories are fetched */
    int64_t timeout_ns;   /* from the call on; what has not come to rest then is told */
    struct str log_level; /* of the engine's log on standard error; "": none */
};

enum simulated_state {
    SIMULATED_READY,
    SIMULATED_FAILED,
    SIMULATED_UNRESOLVED, /* it refers to something that is not there */
    SIMULATED_WAITING,    /* for health, when the time was over */
};

/* A Kustomization or a source. */
struct simulated_subject {
    struct obj_ref ref;
    struct str path;   /* spec.path, or spec.url */
    struct str source; /* Kind/ns/name; "" of a source */
    enum simulated_state state;
    struct str reason; /* of the Ready condition */
    struct str message;
    struct obj_refs objects; /* its inventory */
    struct obj_refs deleted; /* that the base had and the revision has not */
};

struct simulation {
    struct simulated_subject *subjects; /* sources, then Kustomizations; by namespace and name */
    size_t count;
    struct obj_refs not_simulated; /* objects of Flux kinds that weir does not reconcile yet */
    /* Not in the fleet: kinds without a definition, of which any content was accepted, and named GitRepositories. */
    struct obj_refs assumed;
    bool complete; /* everything came to rest in time */
};

struct simulation_ops {
    /* ERR_INVALID: the folder or revision; ERR_NOT_FOUND: the path. What the fleet does wrong is no error of this call. */
    struct err *(*simulate)(void *self, struct run *r, const struct simulation_settings *settings,
                            struct simulation *ret);
};

struct simulator {
    const struct simulation_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
