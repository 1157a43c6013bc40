/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/strategic_list.h"

#include "core/kube/go_format.h"
#include "core/kube/strategic_merge.h"

static bool same_item(struct str key, const struct val *x, const struct val *y)
{
    const struct val *p = key.len ? val_get(x, key) : x;
    const struct val *q = key.len ? val_get(y, key) : y;

    return p && q && val_eq(p, q);
}

static size_t index_of(struct str key, const struct val *list, const struct val *item)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (same_item(key, list->items[i], item))
            return i;
    return SIZE_MAX;
}

/* ---- order ---- */

/* Items (not) named by `order`, sorted by their place in `by`; stable. */
static const struct val *partition(struct arena *a, struct str key, const struct val *list,
                                   const struct val *order, bool named, const struct val *by)
{
    const struct val **items = ARENA_ARRAY(a, list->count, const struct val *);
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        size_t at;
        size_t place;

        if ((index_of(key, order, list->items[i]) != SIZE_MAX) != named)
            continue;
        place = index_of(key, by, list->items[i]);
        for (at = count; at; at--) {
            size_t other = index_of(key, by, items[at - 1]);

            if (place == SIZE_MAX || other == SIZE_MAX || other <= place)
                break;
            items[at] = items[at - 1];
        }
        items[at] = list->items[i];
        count++;
    }
    return val_seq(a, items, count);
}

const struct val *strategic_list_order(struct arena *a, struct str key, const struct val *list,
                                       const struct val *order, const struct val *before)
{
    const struct val *named = partition(a, key, list, order, true, order);
    const struct val *rest = partition(a, key, list, order, false, before);
    struct seq_builder b;
    size_t i = 0;
    size_t j = 0;

    seq_builder_init(&b, a);
    while (i < rest->count || j < named->count) {
        bool from_rest = j == named->count;

        if (i < rest->count && j < named->count) {
            size_t left = index_of(key, before, rest->items[i]);
            size_t right = index_of(key, before, named->items[j]);

            from_rest = left != SIZE_MAX && right != SIZE_MAX && left < right;
        }
        seq_builder_add(&b, from_rest ? rest->items[i++] : named->items[j++]);
    }
    return seq_builder_done(&b, NULL);
}

/* ---- merging ---- */

static const struct val *scalars_merge(struct arena *a, const struct val *before,
                                       const struct val *patch)
{
    const struct val *sides[2] = { before, patch };
    const struct val *out = &val_empty_seq;
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < sides[s]->count; i++) {
            bool known = false;

            for (size_t j = 0; j < b.count && !known; j++)
                known = val_eq(b.items[j], sides[s]->items[i]);
            if (!known)
                seq_builder_add(&b, sides[s]->items[i]);
        }
    out = seq_builder_done(&b, NULL);
    return strategic_list_order(a, STR(""), out, patch, before);
}

struct list_merge {
    struct arena *arena;
    const struct schema_field *field;
    const struct val **items; /* being merged */
    size_t count;
};

static size_t item_find(const struct list_merge *m, const struct val *item)
{
    for (size_t i = 0; i < m->count; i++)
        if (same_item(m->field->patch_merge_key, m->items[i], item))
            return i;
    return SIZE_MAX;
}

static struct err *no_merge_key(const struct list_merge *m, const struct val *item)
{
    return err_new(m->arena, ERR_UNSUPPORTED, "map: %.*s does not contain declared merge key: %.*s",
                   STR_ARG(go_format(m->arena, item)), STR_ARG(m->field->patch_merge_key));
}

/* An element with $patch: true in *ret_replace when the whole list is to be replaced. */
static struct err *special_element(struct list_merge *m, const struct val *item, bool *ret_replace)
{
    struct str directive = val_get_str(item, "$patch");
    size_t at;

    if (str_is(directive, "replace")) {
        *ret_replace = true;
        return NULL;
    }
    if (str_is(directive, "merge"))
        return err_new(m->arena, ERR_UNSUPPORTED,
                       "merging lists cannot yet be specified in the patch");
    if (!str_is(directive, "delete"))
        return err_new(m->arena, ERR_UNSUPPORTED, "unknown patch type: %.*s in map: %.*s",
                       STR_ARG(directive), STR_ARG(go_format(m->arena, item)));
    if (!val_get(item, m->field->patch_merge_key))
        return no_merge_key(m, item);
    while ((at = item_find(m, item)) != SIZE_MAX) {
        memmove(&m->items[at], &m->items[at + 1], (m->count - at - 1) * sizeof m->items[0]);
        m->count--;
    }
    return NULL;
}

static struct err *element_merge(struct list_merge *m, const struct val *item)
{
    size_t at;

    if (!val_get(item, m->field->patch_merge_key))
        return no_merge_key(m, item);
    at = item_find(m, item);
    if (at == SIZE_MAX) {
        m->items[m->count++] = item;
        return NULL;
    }
    return strategic_merge_apply(m->arena, m->field->type->elem, m->items[at], item, &m->items[at]);
}

static struct err *maps_merge(struct list_merge *m, const struct val *before,
                              const struct val *patch, const struct val **ret)
{
    const struct val *plain;
    struct seq_builder rest;
    bool replace = false;
    struct err *e;

    seq_builder_init(&rest, m->arena);
    for (size_t i = 0; i < patch->count; i++) {
        const struct val *item = patch->items[i];

        if (item->kind != VAL_MAP)
            return err_new(m->arena, ERR_UNSUPPORTED, "list element types are not identical");
        if (!val_get(item, STR("$patch")))
            seq_builder_add(&rest, item);
        else if (TRY(&e, special_element(m, item, &replace)))
            return e;
    }
    plain = seq_builder_done(&rest, NULL);
    if (replace) {
        *ret = plain;
        return NULL;
    }
    for (size_t i = 0; i < plain->count; i++)
        if (TRY(&e, element_merge(m, plain->items[i])))
            return e;
    *ret = strategic_list_order(m->arena, m->field->patch_merge_key,
                                val_seq(m->arena, m->items, m->count), plain, before);
    return NULL;
}

struct err *strategic_list_merge(struct arena *a, const struct schema_field *field,
                                 const struct val *before, const struct val *patch,
                                 const struct val **ret)
{
    struct list_merge m = { .arena = a, .field = field };
    const struct val *first = before->count  ? before->items[0]
                              : patch->count ? patch->items[0]
                                             : NULL;

    if (!first || !patch->count) {
        *ret = before;
        return NULL;
    }
    if (first->kind != VAL_MAP) {
        *ret = scalars_merge(a, before, patch);
        return NULL;
    }
    if (!field->patch_merge_key.len || !field->type || !field->type->elem)
        return err_new(a, ERR_UNSUPPORTED, "cannot merge lists without merge key for %.*s",
                       STR_ARG(field->name));
    m.items = ARENA_ARRAY(a, before->count + patch->count, const struct val *);
    memcpy(m.items, before->items, before->count * sizeof m.items[0]);
    m.count = before->count;
    return maps_merge(&m, before, patch, ret);
}
