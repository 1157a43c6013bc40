/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/transform.h"

static struct err *set_count(const struct kust_edit *edit, const struct val *old,
                             const struct val **ret)
{
    const int64_t *count = edit->context;
    if (old->kind == VAL_MAP || old->kind == VAL_SEQ)
        return err_new(edit->arena, ERR_INVALID, "%s:%u:%u: replicas must be a number, not a %s",
                       old->file ? old->file : "", old->line, old->column, val_kind_name(old));
    *ret = val_int(edit->arena, *count);
    if (old->kind == VAL_STRING && kust_is_quoted(old)) /* its quotes stay */
        *ret = val_string(edit->arena, kust_text(edit->arena, *ret));
    return NULL;
}

/* Some id, now or before, has the name and a kind that the field spec is for. */
static bool is_meant(const struct kust_resource *r, struct str name,
                     const struct kust_fieldspec *spec)
{
    if (str_eq(r->id.name, name) && kust_id_selected(&r->id, &spec->gvk))
        return true;
    for (size_t i = 0; i < r->past.count; i++) {
        struct kust_id past = kust_resource_past(r, i);
        if (str_eq(past.name, name) && kust_id_selected(&past, &spec->gvk))
            return true;
    }
    return false;
}

struct err *kust_transform_replicas(struct kust_build *b, struct kust_resmap *m,
                                    const struct val *replica, struct kust_fieldspecs specs)
{
    struct str name = val_get_str(replica, "name");
    int64_t count = val_at_int(replica, "count", 0);
    struct kust_edit edit = { b->arena, KUST_MAKE_SCALAR, set_count, &count };
    bool found = false;
    for (size_t s = 0; s < specs.count; s++) {
        for (size_t i = 0; i < m->all.count; i++) {
            struct kust_resource *r = m->all.items[i];
            struct err *e;
            if (kust_is_empty(r->object) || !is_meant(r, name, &specs.items[s]))
                continue;
            found = true;
            struct kust_fieldspecs one = { &specs.items[s], 1 };
            if (TRY(&e, kust_transform_one(b, &edit, one, r)))
                return e;
        }
    }
    if (!found)
        return err_new(b->arena, ERR_NOT_FOUND,
                       "replicas: no resource named \"%.*s\" of a kind that has replicas",
                       STR_ARG(name));
    return NULL;
}
