/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/apply_order.h"

#include "base/arena.h"

/* Kinds in order; those not named come between the two lists. */
static const struct str first_kinds[] = {
    STR_INIT("CustomResourceDefinition"),
    STR_INIT("Namespace"),
    STR_INIT("ClusterRole"),
    STR_INIT("ClusterClass"),
    STR_INIT("RuntimeClass"),
    STR_INIT("PriorityClass"),
    STR_INIT("StorageClass"),
    STR_INIT("VolumeSnapshotClass"),
    STR_INIT("IngressClass"),
    STR_INIT("GatewayClass"),
    STR_INIT("ClusterRoleBinding"),
    STR_INIT("ResourceQuota"),
    STR_INIT("ServiceAccount"),
    STR_INIT("Role"),
    STR_INIT("RoleBinding"),
    STR_INIT("ConfigMap"),
    STR_INIT("Secret"),
    STR_INIT("Service"),
    STR_INIT("LimitRange"),
    STR_INIT("Deployment"),
    STR_INIT("StatefulSet"),
    STR_INIT("CronJob"),
    STR_INIT("PodDisruptionBudget"),
};
static const struct str last_kinds[] = {
    STR_INIT("MutatingWebhookConfiguration"),
    STR_INIT("ValidatingWebhookConfiguration"),
};

enum {
    FIRST = sizeof first_kinds / sizeof first_kinds[0],
    LAST = sizeof last_kinds / sizeof last_kinds[0]
};

static int rank(struct str kind)
{
    for (int i = 0; i < FIRST; i++)
        if (str_eq(first_kinds[i], kind))
            return i;
    for (int i = 0; i < LAST; i++)
        if (str_eq(last_kinds[i], kind))
            return FIRST + 1 + i;
    return FIRST;
}

enum apply_stage apply_stage_of(const struct obj_ref *ref)
{
    if (str_is(ref->kind, "CustomResourceDefinition") || str_is(ref->kind, "Namespace") ||
        str_is(ref->kind, "ClusterRole"))
        return APPLY_STAGE_DEFINITIONS;
    if (str_has_suffix(ref->kind, STR("Class")))
        return APPLY_STAGE_CLASSES;
    return APPLY_STAGE_REST;
}

int apply_order_cmp(const struct obj_ref *a, const struct obj_ref *b)
{
    int by_rank = rank(a->kind) - rank(b->kind);

    return by_rank != 0 ? by_rank : obj_ref_cmp(a, b);
}

struct keyed {
    struct obj_ref ref;
    const struct val *object; /* NULL when references alone are sorted */
};

static void merge_sort(struct keyed *k, struct keyed *scratch, size_t count)
{
    size_t half = count / 2, left = 0, right = half, to = 0;

    if (count < 2)
        return;
    merge_sort(k, scratch, half);
    merge_sort(k + half, scratch, count - half);
    memcpy(scratch, k, count * sizeof *k);
    while (left < half || right < count)
        if (right == count ||
            (left < half && apply_order_cmp(&scratch[left].ref, &scratch[right].ref) <= 0))
            k[to++] = scratch[left++];
        else
            k[to++] = scratch[right++];
}

const struct val **apply_order_sort(struct arena *a, const struct val *const *objects, size_t count)
{
    struct keyed *keys = ARENA_ARRAY(a, 2 * count, struct keyed);
    const struct val **sorted = ARENA_ARRAY(a, count, const struct val *);

    for (size_t i = 0; i < count; i++)
        keys[i] = (struct keyed){ .ref = obj_ref_of(objects[i]), .object = objects[i] };
    merge_sort(keys, keys + count, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = keys[i].object;
    return sorted;
}

void apply_order_sort_refs(struct arena *a, struct obj_refs *refs, bool reverse)
{
    struct keyed *keys = ARENA_ARRAY(a, 2 * refs->count, struct keyed);

    for (size_t i = 0; i < refs->count; i++)
        keys[i].ref = refs->items[i];
    merge_sort(keys, keys + refs->count, refs->count);
    for (size_t i = 0; i < refs->count; i++)
        refs->items[i] = keys[reverse ? refs->count - 1 - i : i].ref;
}
