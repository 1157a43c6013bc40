/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/outcome.h - what one run of a reconcile tells the engine.
 */
#ifndef APP_RECONCILE_OUTCOME_H
#define APP_RECONCILE_OUTCOME_H

#include "core/kube/kstatus.h"

/* Who applies what a Kustomization holds; clients match it (kustomize-controller 1.9). */
#define KUSTOMIZE_FIELD_MANAGER "kustomize-controller"

enum outcome_kind {
    OUTCOME_DONE,        /* next at the interval */
    OUTCOME_RETRY,       /* failed; next after requeue_ns */
    OUTCOME_STALLED,     /* only a change of the object can help */
    OUTCOME_WAIT_HEALTH, /* applied; done once `applied` is healthy */
    OUTCOME_WAIT_STAGE,  /* an early stage is not ready; run again after requeue_ns or when it is */
    OUTCOME_GONE,        /* the object is finalized */
    OUTCOME_AGAIN,       /* wrote to the object itself; its event brings the next run */
};

/* One object as the server has it after the run. */
struct applied {
    struct obj_ref ref;
    uint64_t hash;            /* drift_hash of what the server returned */
    int64_t resource_version; /* 0: not a number */
    enum kstatus_code health;
    struct str health_message;
    bool check; /* its health is waited for */
    bool
        may_vanish; /* a Job that its own ttlSecondsAfterFinished removes: that it is gone is no fault */
    bool polled; /* no watch tells of it: in another cluster, or only named in healthChecks */
};

struct outcome {
    enum outcome_kind kind;
    int64_t requeue_ns;            /* 0: the interval; a source that failed: ever longer */
    struct str revision;           /* that was handled */
    struct str digest;             /* of the built manifests */
    const struct applied *applied; /* Kustomization: its inventory, and what is checked beyond it */
    size_t applied_count;
    bool drift_corrected;
    bool was_healthy; /* WAIT_HEALTH: the Healthy condition was True before */
    struct str
        changes; /* WAIT_STAGE: what was applied and has had no event yet; for the next run's `carried` */
    size_t prune_pending;       /* objects that should be gone, and whose deletion was refused */
    struct wall_time committed; /* source: when `revision` was; 0: not asked */
};

#endif
