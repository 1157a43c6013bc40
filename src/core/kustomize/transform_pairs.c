/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/transform.h"

static struct err *set_pairs(const struct kust_edit *edit, const struct val *old,
                             const struct val **ret)
{
    const struct val *pairs = edit->context;
    if (old->kind != VAL_MAP && old->kind != VAL_NULL)
        return err_new(edit->arena, ERR_INVALID,
                       "%s:%u:%u: labels and annotations must be an object, not a %s",
                       old->file ? old->file : "", old->line, old->column, val_kind_name(old));
    struct map_builder b;
    map_builder_from(&b, edit->arena, old->kind == VAL_MAP ? old : NULL);
    for (size_t i = 0; i < pairs->count; i++)
        map_builder_set(&b, pairs->fields[i].key,
                        val_string(edit->arena, val_str(pairs->fields[i].value)));
    *ret = map_builder_done(&b, old);
    return NULL;
}

struct err *kust_transform_pairs(struct kust_build *b, struct kust_resmap *m,
                                 const struct val *pairs, struct kust_fieldspecs specs)
{
    if (val_count(pairs) == 0)
        return NULL;
    union {
        const struct val *in;
        void *out;
    } context = { .in = pairs }; /* set_pairs only reads it */
    struct kust_edit edit = { b->arena, KUST_MAKE_MAP, set_pairs, context.out };
    for (size_t i = 0; i < m->all.count; i++) {
        struct err *e;
        if (TRY(&e, kust_transform_one(b, &edit, specs, m->all.items[i])))
            return e;
    }
    return NULL;
}
