/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/kustomization.h - use-case: the manifests of an artifact become objects of the cluster.
 *
 * Runs on a stage worker, in named stages: fetch, build, apply, prune, health, report. It never waits for the cluster: where
 * something is not ready yet it says so in the outcome, and the engine calls again. Reasons and messages are
 * kustomize-controller's 1.9.
 */
#ifndef APP_RECONCILE_KUSTOMIZATION_H
#define APP_RECONCILE_KUSTOMIZATION_H

#include "app/reconcile/gate.h"
#include "app/reconcile/outcome.h"
#include "app/reconcile/ports.h"

struct kustomization_input {
    const struct val *object;
    struct gate gate;      /* made by the engine from what it has observed */
    struct str supersedes; /* Kind/ns/name whose change ended a wait for health; "": none did */
    struct str carried;    /* outcome.changes of the run before, when that waited for a stage */
};

/* Nothing to wait for: it is Current, or a Job that its own ttlSecondsAfterFinished removed. */
bool health_is_good(enum kstatus_code health, bool may_vanish);

/* Never fails: what went wrong is in the object's conditions and in the outcome's kind. */
void kustomization_reconcile(const struct reconcile_ports *ports, struct run *run,
                             const struct kustomization_input *in, struct outcome *ret);

struct kustomization_health {
    const struct val *object;
    struct str revision;
    struct str digest;  /* of the built manifests */
    struct str failure; /* "" healthy; else "timeout waiting for: [...]" */
    int64_t waited_ns;
    bool drifted;     /* the run before changed something */
    bool was_healthy; /* outcome.was_healthy of that run */
};

/* The second half of a run that waited for health: conditions, history and events. */
void kustomization_conclude(const struct reconcile_ports *ports, struct run *run,
                            const struct kustomization_health *in, struct outcome *ret);

struct kustomization_probe {
    const struct val *object;
    const struct obj_ref *refs; /* of what is waited for and cannot be watched */
    size_t count;
};

/* Asks how they are: into ret->applied, in the order asked; none of them where the cluster cannot be reached. */
void kustomization_probe(const struct reconcile_ports *ports, struct run *run,
                         const struct kustomization_probe *in, struct outcome *ret);

/* spec.interval, spec.retryInterval (default interval), spec.timeout (default interval - 30 s), at least 30 s. */
int64_t kustomization_interval_ns(const struct val *object);
int64_t kustomization_retry_ns(const struct val *object);
int64_t kustomization_timeout_ns(const struct val *object);

#endif
