/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/prune_plan.h"

#include "core/kube/apply_order.h"

enum prune_verdict prune_verdict_of(const struct val *live, const struct owner *o)
{
    if (!live)
        return PRUNE_GONE;
    if (!owner_labels_match(live, o))
        return PRUNE_FOREIGN;
    if (policy_forbids_prune(live, o))
        return PRUNE_DISABLED;
    return PRUNE_DELETE;
}

struct obj_refs prune_candidates(struct arena *a, const struct obj_refs *before,
                                 const struct obj_refs *after)
{
    struct obj_refs refs = inventory_difference(a, before, after);

    apply_order_sort_refs(a, &refs, true);
    return refs;
}
