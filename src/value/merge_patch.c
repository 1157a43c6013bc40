/* SPDX-License-Identifier: Apache-2.0 */
#include "value/merge_patch.h"

/* Built anew in one pass: taking keys out of a map one by one would cost the square of their number. */
const struct val *merge_patch_apply(struct arena *a, const struct val *target,
                                    const struct val *patch)
{
    struct map_builder b;

    if (!val_is(patch, VAL_MAP))
        return patch;
    if (!target || !val_is(target, VAL_MAP))
        target = &val_empty_map;
    map_builder_init(&b, a);
    for (uint32_t i = 0; i < target->count; i++) {
        struct val_field f = target->fields[i];
        const struct val *change = val_get(patch, f.key);

        if (val_is(change, VAL_NULL))
            continue;
        if (change)
            f.value = merge_patch_apply(a, f.value, change);
        map_builder_set_field(&b, &f);
    }
    for (uint32_t i = 0; i < patch->count; i++) {
        const struct val_field *f = &patch->fields[i];

        if (f->value->kind != VAL_NULL && !val_get(target, f->key))
            map_builder_set(&b, f->key, merge_patch_apply(a, NULL, f->value));
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
