/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/strategic_merge.h - strategic merge patch, as kube-apiserver applies it.
 *
 * Lists with a merge strategy are merged by their key; the directives $patch (merge, replace, delete), $retainKeys,
 * $setElementOrder/x and $deleteFromPrimitiveList/x work as in apimachinery. A null removes. Source of truth: apimachinery
 * pkg/util/strategicpatch (1.35).
 */
#ifndef CORE_KUBE_STRATEGIC_MERGE_H
#define CORE_KUBE_STRATEGIC_MERGE_H

#include "core/kube/schema.h"
#include "value/val.h"

/*
 * `type` is the schema of the object; both values are maps. ERR_INVALID: the patch is malformed (kube-apiserver: 400);
 * ERR_UNSUPPORTED: it cannot be applied (500): no merge key, unknown directive, unknown field to merge into.
 */
MUST_CHECK struct err *strategic_merge_apply(struct arena *a, const struct schema *type,
                                             const struct val *object, const struct val *patch,
                                             const struct val **ret);

#endif
