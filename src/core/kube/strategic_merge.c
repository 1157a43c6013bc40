/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/strategic_merge.h"

#include "core/kube/go_format.h"
#include "core/kube/strategic_list.h"

#define ORDER_PREFIX STR("$setElementOrder/")
#define DELETE_PREFIX STR("$deleteFromPrimitiveList/")

/* ---- values that are new ---- */

const struct val *strategic_new_value(struct arena *a, const struct val *v)
{
    struct map_builder m;
    struct seq_builder s;

    if (v->kind == VAL_SEQ) {
        seq_builder_init(&s, a);
        for (size_t i = 0; i < v->count; i++) {
            const struct val *item = strategic_new_value(a, v->items[i]);

            if (item)
                seq_builder_add(&s, item);
        }
        return seq_builder_done(&s, v);
    }
    if (v->kind != VAL_MAP)
        return v;
    if (val_get(v, STR("$patch")) && !str_is(val_get_str(v, "$patch"), "merge"))
        return NULL;
    map_builder_init(&m, a);
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct val *below;

        if (f->value->kind == VAL_NULL || (f->key.len && f->key.ptr[0] == '$'))
            continue;
        below = strategic_new_value(a, f->value);
        if (below)
            map_builder_set(&m, f->key, below);
    }
    return map_builder_done(&m, v);
}

/* ---- $retainKeys ---- */

static bool list_has(const struct val *list, struct str text)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_str(list->items[i]), text))
            return true;
    return false;
}

static struct err *retain_keys(struct arena *a, struct map_builder *out, const struct val *object,
                               const struct val *patch)
{
    const struct val *keys = val_get(patch, STR("$retainKeys"));

    if (!keys)
        return NULL;
    if (keys->kind != VAL_SEQ)
        return err_new(a, ERR_INVALID, "invalid patch format of retainKeys");
    for (size_t i = 0; i < patch->count; i++) {
        const struct val_field *f = &patch->fields[i];

        if (f->value->kind == VAL_NULL || (f->key.len && f->key.ptr[0] == '$'))
            continue;
        if (!list_has(keys, f->key))
            return err_new(a, ERR_INVALID, "invalid patch format of retainKeys");
    }
    for (size_t i = 0; i < val_count(object); i++)
        if (!list_has(keys, object->fields[i].key))
            (void)map_builder_remove(out, object->fields[i].key);
    return NULL;
}

/* ---- fields ---- */

static struct err *field_of(struct arena *a, const struct schema *type, struct str name,
                            struct schema_field *ret)
{
    const struct schema_field *f = schema_field(type, name);
    const struct schema *child = schema_child(type, name);

    *ret = f ? *f : (struct schema_field){ .name = name, .type = child };
    if (!f && !child && type->kind == SCHEMA_STRUCT && !type->preserve_unknown)
        return err_new(a, ERR_UNSUPPORTED,
                       "unable to find api field in struct %.*s for the json field \"%.*s\"",
                       STR_ARG(str_skip(type->name, str_rfind_byte(type->name, '.') + 1)),
                       STR_ARG(name));
    return NULL;
}

static struct err *merge_field(struct arena *a, const struct schema *type, struct map_builder *out,
                               const struct val_field *f)
{
    const struct val *before = map_builder_get(out, f->key);
    const struct val *after = f->value;
    struct schema_field field;
    struct err *e;

    if (after->kind == VAL_NULL) {
        (void)map_builder_remove(out, f->key);
        return NULL;
    }
    if (!before || before->kind != after->kind ||
        (after->kind != VAL_MAP && after->kind != VAL_SEQ)) {
        after = strategic_new_value(a, after);
        if (after)
            map_builder_set(out, f->key, after);
        else
            (void)map_builder_remove(out, f->key);
        return NULL;
    }
    if (TRY(&e, field_of(a, type, f->key, &field)))
        return e;
    if (after->kind == VAL_MAP) {
        const struct schema *below = field.type ? field.type : type;

        e = strategic_merge_apply(a, below, before, after, &after);
    } else if (field.patch_strategy & SCHEMA_PATCH_MERGE) {
        e = strategic_list_merge(a, &field, before, after, &after);
    }
    if (!e)
        map_builder_set(out, f->key, after);
    return e;
}

/* $deleteFromPrimitiveList/x: takes the values out of the list x. */
static void delete_from_list(struct arena *a, struct map_builder *out, struct str name,
                             const struct val *gone)
{
    const struct val *before = map_builder_get(out, name);
    struct seq_builder b;

    if (!val_is(before, VAL_SEQ))
        return;
    seq_builder_init(&b, a);
    for (size_t i = 0; i < before->count; i++) {
        bool keep = true;

        for (size_t j = 0; j < val_count(gone) && keep; j++)
            keep = !val_eq(before->items[i], gone->items[j]);
        if (keep)
            seq_builder_add(&b, before->items[i]);
    }
    map_builder_set(out, name, seq_builder_done(&b, before));
}

/* $setElementOrder/x with the patch of x, if there is one. */
static struct err *merge_ordered(struct arena *a, const struct schema *type,
                                 struct map_builder *out, struct str name, const struct val *order,
                                 const struct val *items)
{
    const struct val *before = map_builder_get(out, name);
    const struct val *merged = before;
    struct schema_field field;
    struct err *e;

    if (order->kind != VAL_SEQ || (items && items->kind != VAL_SEQ && items->kind != VAL_NULL) ||
        (before && before->kind != VAL_SEQ))
        return err_new(a, ERR_UNSUPPORTED, "expected a list for \"%.*s\"", STR_ARG(name));
    if (!before && !items)
        return NULL;
    if (TRY(&e, field_of(a, type, name, &field)))
        return e;
    if (val_is(items, VAL_NULL)) {
        (void)map_builder_remove(out, name);
        return NULL;
    }
    if (!before)
        merged = strategic_new_value(a, items);
    else if (items && TRY(&e, strategic_list_merge(a, &field, before, items, &merged)))
        return e;
    map_builder_set(out, name,
                    strategic_list_order(a, field.patch_merge_key, merged, order,
                                         before ? before : &val_empty_seq));
    return NULL;
}

static struct err *merge_directive(struct arena *a, const struct schema *type,
                                   struct map_builder *out, const struct val *patch,
                                   const struct val_field *f)
{
    if (str_has_prefix(f->key, ORDER_PREFIX)) {
        struct str name = str_trim_prefix(f->key, ORDER_PREFIX);

        return merge_ordered(a, type, out, name, f->value, val_get(patch, name));
    }
    if (str_has_prefix(f->key, DELETE_PREFIX))
        delete_from_list(a, out, str_trim_prefix(f->key, DELETE_PREFIX), f->value);
    return NULL;
}

/* A list whose order is given is merged there. */
static bool is_ordered(struct arena *a, const struct val *patch, struct str name)
{
    return val_get(patch, str_concat(a, ORDER_PREFIX, name)) != NULL;
}

static bool is_directive(struct str key)
{
    return str_has_prefix(key, ORDER_PREFIX) || str_has_prefix(key, DELETE_PREFIX) ||
           str_is(key, "$retainKeys");
}

struct err *strategic_merge_apply(struct arena *a, const struct schema *type,
                                  const struct val *object, const struct val *patch,
                                  const struct val **ret)
{
    const struct val *directive = val_get(patch, STR("$patch"));
    struct map_builder out;
    struct err *e = NULL;

    if (directive && str_is(val_str(directive), "replace")) {
        *ret = val_without(a, patch, STR("$patch"));
        return NULL;
    }
    if (directive && str_is(val_str(directive), "delete")) {
        *ret = &val_empty_map;
        return NULL;
    }
    if (directive && !str_is(val_str(directive), "merge"))
        return err_new(a, ERR_UNSUPPORTED, "unknown patch type: %.*s in map: %.*s",
                       STR_ARG(val_str(directive)), STR_ARG(go_format(a, patch)));
    map_builder_from(&out, a, object);
    if (TRY(&e, retain_keys(a, &out, object, patch)))
        return e;
    for (size_t i = 0; i < patch->count && !e; i++)
        if (is_directive(patch->fields[i].key))
            e = merge_directive(a, type, &out, patch, &patch->fields[i]);
    for (size_t i = 0; i < patch->count && !e; i++) {
        const struct val_field *f = &patch->fields[i];

        if (!is_directive(f->key) && !str_is(f->key, "$patch") && !is_ordered(a, patch, f->key))
            e = merge_field(a, type, &out, f);
    }
    if (!e)
        *ret = map_builder_done(&out, object);
    return e;
}
