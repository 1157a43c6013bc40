/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/prune_plan.h - what may be deleted. The one place that decides it.
 *
 * An object is deleted only when it is in the old inventory, absent from a complete and successful build, exists, carries our
 * owner labels, and nothing on it forbids pruning. Order is the reverse of applying. See docs/adr on inventory.
 */
#ifndef CORE_KUBE_PRUNE_PLAN_H
#define CORE_KUBE_PRUNE_PLAN_H

#include "core/kube/inventory.h"
#include "core/kube/ownership.h"

enum prune_verdict {
    PRUNE_DELETE,
    PRUNE_GONE,     /* not there any more: forget it */
    PRUNE_FOREIGN,  /* labels name another owner or none: forget it, touch nothing */
    PRUNE_DISABLED, /* an annotation says so: forget it */
};

/* Whether one object that left the build may be deleted; `live` NULL: it does not exist. */
enum prune_verdict prune_verdict_of(const struct val *live, const struct owner *o);

/* Candidates in the order of deletion: before - after. */
struct obj_refs prune_candidates(struct arena *a, const struct obj_refs *before,
                                 const struct obj_refs *after);

#endif
