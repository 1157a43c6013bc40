/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/shared_label.h"
#include "core/kustomize/transform.h"

struct pairs {
    const struct val *map;
    const struct val **made; /* for one resource: the value of each pair wherever its key is new */
};

static struct err *set_pairs(const struct kust_edit *edit, const struct val *old,
                             const struct val **ret)
{
    const struct pairs *pairs = edit->context;
    bool hidden = old->kind == VAL_NULL;
    const struct val *entries = hidden ? kust_null_entries(old) : old;
    if (entries->kind != VAL_MAP)
        return err_new(edit->arena, ERR_INVALID,
                       "%s:%u:%u: labels and annotations must be an object, not a %s",
                       old->file ? old->file : "", old->line, old->column, val_kind_name(old));
    struct map_builder b;
    map_builder_from(&b, edit->arena, entries);
    for (size_t i = 0; i < pairs->map->count; i++) {
        struct str key = pairs->map->fields[i].key;
        const struct val *value = pairs->made[i];
        if (map_builder_get(&b, key))
            value = val_string(edit->arena, value->text);
        map_builder_set(&b, key, value);
    }
    const struct val *now = map_builder_done(&b, entries);
    *ret = hidden ? kust_null_with(edit->arena, old, now) : now;
    return NULL;
}

struct err *kust_transform_pairs(struct kust_build *b, struct kust_resmap *m,
                                 const struct val *pairs, struct kust_fieldspecs specs)
{
    if (val_count(pairs) == 0)
        return NULL;
    struct pairs context = { pairs, ARENA_ARRAY(b->arena, pairs->count, const struct val *) };
    struct kust_edit edit = { b->arena, KUST_MAKE_MAP, set_pairs, &context };
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        struct err *e;
        for (size_t j = 0; j < pairs->count; j++)
            context.made[j] = kust_shared_label(b->arena, val_str(pairs->fields[j].value));
        if (TRY(&e, kust_transform_one(b, &edit, specs, r)))
            return e;
        r->shares_labels = true;
    }
    return NULL;
}
