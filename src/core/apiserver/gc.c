/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/gc.h"

bool gc_has_finalizer(const struct val *object, struct str finalizer)
{
    const struct val *list = val_at(object, "metadata.finalizers");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_str(list->items[i]), finalizer))
            return true;
    return false;
}

const struct val *gc_without_finalizer(struct arena *a, const struct val *object,
                                       struct str finalizer)
{
    const struct val *list = val_at(object, "metadata.finalizers");
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(list); i++)
        if (!str_eq(val_str(list->items[i]), finalizer))
            seq_builder_add(&b, list->items[i]);
    if (!b.count)
        return val_without_at(a, object, "metadata.finalizers");
    return val_with_at(a, object, "metadata.finalizers", seq_builder_done(&b, list));
}

/* Owner references for which `keep` holds. */
static const struct val *with_owners(struct arena *a, const struct val *object,
                                     const struct seq_builder *kept)
{
    struct seq_builder copy = *kept;

    if (!copy.count)
        return val_without_at(a, object, "metadata.ownerReferences");
    return val_with_at(a, object, "metadata.ownerReferences", seq_builder_done(&copy, NULL));
}

const struct val *gc_without_owner(struct arena *a, const struct val *dependent, struct str uid)
{
    const struct val *owners = val_at(dependent, "metadata.ownerReferences");
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(owners); i++)
        if (!str_eq(val_get_str(owners->items[i], "uid"), uid))
            seq_builder_add(&b, owners->items[i]);
    return with_owners(a, dependent, &b);
}

bool gc_blocks_owner(const struct val *dependent, struct str owner_uid)
{
    const struct val *owners = val_at(dependent, "metadata.ownerReferences");

    for (size_t i = 0; i < val_count(owners); i++)
        if (str_eq(val_get_str(owners->items[i], "uid"), owner_uid) &&
            val_at_bool(owners->items[i], "blockOwnerDeletion", false))
            return true;
    return false;
}

static enum gc_action deletion_of(const struct val *object)
{
    if (gc_has_finalizer(object, STR("orphan")))
        return GC_DELETE_ORPHAN;
    if (gc_has_finalizer(object, STR("foregroundDeletion")))
        return GC_DELETE_FOREGROUND;
    return GC_DELETE_BACKGROUND;
}

struct gc_verdict gc_dependent_plan(struct arena *a, const struct val *object,
                                    const enum gc_owner_state *states, bool has_blocking_dependents)
{
    const struct val *owners = val_at(object, "metadata.ownerReferences");
    size_t solid = 0;
    size_t deleting = 0;
    struct seq_builder kept;

    seq_builder_init(&kept, a);
    for (size_t i = 0; i < val_count(owners); i++) {
        solid += states[i] == GC_OWNER_SOLID;
        deleting += states[i] == GC_OWNER_DELETING;
        if (states[i] == GC_OWNER_SOLID)
            seq_builder_add(&kept, owners->items[i]);
    }
    if (!val_count(owners) || (solid == owners->count))
        return (struct gc_verdict){ GC_KEEP, NULL };
    if (solid)
        return (struct gc_verdict){ GC_DROP_REFERENCES, with_owners(a, object, &kept) };
    /* An owner waits, so dependents of this object must go before it, too. */
    if (deleting && has_blocking_dependents)
        return (struct gc_verdict){ GC_DELETE_FOREGROUND, NULL };
    return (struct gc_verdict){ deletion_of(object), NULL };
}
