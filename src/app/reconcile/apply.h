/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/apply.h - use-case: a set of objects is applied in stages, as Flux does.
 *
 * In each stage every object is tried with a server-side dry run first; if one is refused, nothing of the stage is
 * written. Then only what differs from the live state is applied. Source of truth: fluxcd/pkg ssa 0.76.
 */
#ifndef APP_RECONCILE_APPLY_H
#define APP_RECONCILE_APPLY_H

#include "app/reconcile/ports.h"
#include "core/kube/drift_rules.h"
#include "core/kube/ownership.h"

enum apply_action { APPLY_CREATED, APPLY_CONFIGURED, APPLY_UNCHANGED, APPLY_SKIPPED };

struct apply_entry {
    struct obj_ref ref;
    enum apply_action action;
    const struct val *object; /* as the server has it now; NULL when skipped and absent */
};

struct apply_request {
    struct cluster cluster;           /* target.h */
    const struct val *const *objects; /* with owner labels */
    size_t count;
    struct owner owner;
    struct str field_manager;
    bool force;                       /* recreate on immutable fields */
    const struct drift_rules *ignore; /* NULL: every difference is drift */
    /* Called once, before the first request that changes anything; an error ends the run. NULL: nothing to do. */
    struct err *(*before_write)(void *self);
    void *self;
};

struct apply_result {
    struct apply_entry *items; /* in the order of application; also those before a failure */
    size_t count;
    size_t cap;
    bool wrote;   /* something was sent that changes the cluster */
    bool waiting; /* an early stage is not ready, or an object is being recreated: run again */
    struct str waiting_for; /* Kind/ns/name */
};

/* *ret is valid on failure too. The error names the object first, and is worded as Flux words it. */
MUST_CHECK struct err *apply_run(const struct reconcile_ports *ports, struct run *run,
                                 const struct apply_request *req, struct apply_result *ret);

/* "Deployment/shop/web configured" lines of what changed; "" when nothing did. */
struct str apply_change_log(struct arena *a, const struct apply_result *result);

#endif
