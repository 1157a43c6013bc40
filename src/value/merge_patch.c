/* SPDX-License-Identifier: Apache-2.0 */
#include "value/merge_patch.h"

const struct val *merge_patch_apply(struct arena *a, const struct val *target,
                                    const struct val *patch)
{
    struct map_builder b;

    if (!val_is(patch, VAL_MAP))
        return patch;
    map_builder_from(&b, a, val_is(target, VAL_MAP) ? target : NULL);
    for (uint32_t i = 0; i < patch->count; i++) {
        const struct val_field *f = &patch->fields[i];

        if (f->value->kind == VAL_NULL)
            map_builder_remove(&b, f->key);
        else
            map_builder_set(&b, f->key,
                            merge_patch_apply(a, map_builder_get(&b, f->key), f->value));
    }
    return map_builder_done(&b, target);
}

const struct val *merge_patch_create(struct arena *a, const struct val *from, const struct val *to)
{
    struct map_builder b;

    if (!val_is(from, VAL_MAP) || !val_is(to, VAL_MAP))
        return to;
    map_builder_init(&b, a);
    for (uint32_t i = 0; i < from->count; i++)
        if (!val_get(to, from->fields[i].key))
            map_builder_set(&b, from->fields[i].key, &val_null);
    for (uint32_t i = 0; i < to->count; i++) {
        const struct val_field *f = &to->fields[i];
        const struct val *before = val_get(from, f->key);

        if (!val_eq(before, f->value))
            map_builder_set(&b, f->key, merge_patch_create(a, before, f->value));
    }
    return map_builder_done(&b, NULL);
}
