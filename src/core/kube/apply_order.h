/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/apply_order.h - in which order, and in which stages, a set of objects is applied.
 *
 * Source of truth: fluxcd/pkg ssa 2.9, sort.go and manager_apply.go.
 */
#ifndef CORE_KUBE_APPLY_ORDER_H
#define CORE_KUBE_APPLY_ORDER_H

#include "core/kube/obj_ref.h"

enum apply_stage {
    APPLY_STAGE_DEFINITIONS, /* CustomResourceDefinition, Namespace, ClusterRole: waited for */
    APPLY_STAGE_CLASSES,     /* every kind that ends in "Class": waited for */
    APPLY_STAGE_REST,
    APPLY_STAGE_COUNT,
};

enum apply_stage apply_stage_of(const struct obj_ref *ref);

/* Negative when a is applied before b: by kind's rank, then group, kind, namespace and name. */
int apply_order_cmp(const struct obj_ref *a, const struct obj_ref *b);

/* The objects sorted; deletion takes the reverse. */
const struct val **apply_order_sort(struct arena *a, const struct val *const *objects,
                                    size_t count);
void apply_order_sort_refs(struct arena *a, struct obj_refs *refs, bool reverse);

#endif
