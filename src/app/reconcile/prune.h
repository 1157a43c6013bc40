/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/prune.h - use-case: what left the source is deleted. The only caller of DELETE but for recreation.
 *
 * What may be deleted is decided in core/kube/prune_plan.h. Every object is tried; those whose deletion was not confirmed
 * survive, and must stay in the inventory, or the next run would forget objects that still exist.
 */
#ifndef APP_RECONCILE_PRUNE_H
#define APP_RECONCILE_PRUNE_H

#include "core/kube/prune_plan.h"
#include "ports/driven/cluster.h"

struct prune_result {
    struct obj_refs settled; /* deleted or skipped, in order */
    bool *skipped;           /* by the index of settled: labels or annotations forbid it */
    struct obj_refs survivors;
};

/* `cluster`: target.h. `candidates` in order of deletion. *ret is set on failure too; the error joins all failures. */
MUST_CHECK struct err *prune_run(const struct cluster *cluster, struct run *run,
                                 const struct obj_refs *candidates, const struct owner *owner,
                                 struct prune_result *ret);

/* "Deployment/shop/web deleted" lines, or "skipped"; what had gone already counts as deleted. */
struct str prune_change_log(struct arena *a, const struct prune_result *result);

#endif
