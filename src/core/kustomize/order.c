/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/order.h"

static const struct str first_kinds[] = {
    STR_INIT("Namespace"),
    STR_INIT("ResourceQuota"),
    STR_INIT("StorageClass"),
    STR_INIT("CustomResourceDefinition"),
    STR_INIT("ServiceAccount"),
    STR_INIT("PodSecurityPolicy"),
    STR_INIT("Role"),
    STR_INIT("ClusterRole"),
    STR_INIT("RoleBinding"),
    STR_INIT("ClusterRoleBinding"),
    STR_INIT("ConfigMap"),
    STR_INIT("Secret"),
    STR_INIT("Endpoints"),
    STR_INIT("Service"),
    STR_INIT("LimitRange"),
    STR_INIT("PriorityClass"),
    STR_INIT("PersistentVolume"),
    STR_INIT("PersistentVolumeClaim"),
    STR_INIT("Deployment"),
    STR_INIT("StatefulSet"),
    STR_INIT("CronJob"),
    STR_INIT("PodDisruptionBudget"),
};

static const struct str last_kinds[] = {
    STR_INIT("MutatingWebhookConfiguration"),
    STR_INIT("ValidatingWebhookConfiguration"),
};

const struct kust_order kust_order_default = {
    first_kinds,
    sizeof first_kinds / sizeof first_kinds[0],
    last_kinds,
    sizeof last_kinds / sizeof last_kinds[0],
};

int kust_order_rank(const struct kust_order *order, struct str kind)
{
    for (size_t i = order->last_count; i > 0; i--)
        if (str_eq(order->last[i - 1], kind))
            return (int)i;
    for (size_t i = order->first_count; i > 0; i--)
        if (str_eq(order->first[i - 1], kind))
            return (int)(i - 1) - (int)order->first_count;
    return 0;
}

struct sort_key {
    struct kust_resource *resource;
    int rank;
    struct str kind_text; /* group_version_kind */
    struct str id_text;   /* kind.version.group|namespace|name */
};

static struct str or_else(struct str s, const char *none)
{
    return s.len > 0 ? s : str_from_cstr(none);
}

static struct sort_key key_of(struct arena *a, const struct kust_order *order,
                              struct kust_resource *r)
{
    const struct kust_id *id = &r->id;
    struct sort_key k = { .resource = r, .rank = kust_order_rank(order, id->kind) };
    k.kind_text = str_printf(a, "%.*s_%.*s_%.*s", STR_ARG(or_else(id->group, "~G")),
                             STR_ARG(or_else(id->version, "~V")), STR_ARG(or_else(id->kind, "~K")));
    k.id_text = str_printf(a, "%.*s|%.*s", STR_ARG(or_else(id->ns, "~X")),
                           STR_ARG(or_else(id->name, "~N")));
    return k;
}

/* Of two Namespaces that differ in group or version, the greater comes first (as the peer has it). */
static int compare(const struct sort_key *x, const struct sort_key *y)
{
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    int order = str_cmp(x->kind_text, y->kind_text);
    const struct kust_id *a = &x->resource->id, *b = &y->resource->id;
    bool namespaces = str_is(a->kind, "Namespace") && str_is(b->kind, "Namespace") &&
                      (a->group.len == 0 || b->group.len == 0);
    if (order != 0)
        return namespaces ? -order : order;
    return str_cmp(x->id_text, y->id_text);
}

static void merge_sort(struct sort_key *keys, struct sort_key *spare, size_t count)
{
    if (count < 2)
        return;
    size_t half = count / 2;
    merge_sort(keys, spare, half);
    merge_sort(keys + half, spare, count - half);
    memcpy(spare, keys, half * sizeof *keys);
    for (size_t i = 0, j = half, at = 0; i < half; at++) {
        bool left = j >= count || compare(&spare[i], &keys[j]) <= 0;
        keys[at] = left ? spare[i++] : keys[j++];
    }
}

void kust_order_apply(struct kust_resmap *m, const struct kust_order *order)
{
    size_t count = m->all.count;
    struct sort_key *keys = ARENA_ARRAY(m->arena, count, struct sort_key);
    struct sort_key *spare = ARENA_ARRAY(m->arena, count, struct sort_key);
    for (size_t i = 0; i < count; i++)
        keys[i] = key_of(m->arena, order, m->all.items[i]);
    merge_sort(keys, spare, count);
    for (size_t i = 0; i < count; i++)
        m->all.items[i] = keys[i].resource;
}

static void read_kinds(struct arena *a, const struct val *list, const struct str **ret,
                       size_t *ret_count)
{
    struct str *kinds = ARENA_ARRAY(a, val_count(list), struct str);
    for (size_t i = 0; i < val_count(list); i++)
        kinds[i] = val_str(list->items[i]);
    *ret = kinds;
    *ret_count = val_count(list);
}

struct err *kust_order_read(struct arena *a, const struct val *sort_options, bool *ret_legacy,
                            struct kust_order *ret)
{
    struct str order = val_get_str(sort_options, "order");
    const struct val *legacy = val_get(sort_options, STR("legacySortOptions"));
    *ret_legacy = str_is(order, "legacy");
    if (!*ret_legacy && !str_is(order, "fifo"))
        return err_new(a, ERR_INVALID, "sortOptions.order must be fifo or legacy, not \"%.*s\"",
                       STR_ARG(order));
    if (!val_is(legacy, VAL_MAP)) {
        *ret = kust_order_default;
        return NULL;
    }
    if (!*ret_legacy)
        return err_new(a, ERR_INVALID,
                       "sortOptions.legacySortOptions is set but the order is \"%.*s\"",
                       STR_ARG(order));
    read_kinds(a, val_get(legacy, STR("orderFirst")), &ret->first, &ret->first_count);
    read_kinds(a, val_get(legacy, STR("orderLast")), &ret->last, &ret->last_count);
    return NULL;
}
