/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/tree_edit.h"

#include "base/str.h"

/* Cuts the first step off a path; *ret_each says that it had "[]". */
static struct str step_cut(struct str *path, bool *ret_each)
{
    struct str step = *path;

    (void)str_cut(path, '.', &step);
    *ret_each = str_has_suffix(step, STR("[]"));
    return str_trim_suffix(step, STR("[]"));
}

static const struct val *edit_items(struct arena *a, const struct val *list, struct str path,
                                    tree_edit_fn *fn, const void *ctx)
{
    const struct val **items = ARENA_ARRAY(a, list->count, const struct val *);
    bool same = true;

    for (size_t i = 0; i < list->count; i++) {
        items[i] = tree_edit(a, list->items[i], path, fn, ctx);
        same = same && items[i] == list->items[i];
    }
    return same ? list : val_seq(a, items, list->count);
}

const struct val *tree_edit(struct arena *a, const struct val *root, struct str path,
                            tree_edit_fn *fn, const void *ctx)
{
    const struct val *child;
    const struct val *after;
    struct str name;
    bool each;

    if (!val_is(root, VAL_MAP))
        return root;
    if (!path.len)
        return fn(a, root, ctx);
    name = step_cut(&path, &each);
    child = val_get(root, name);
    if (each)
        after = val_is(child, VAL_SEQ) ? edit_items(a, child, path, fn, ctx) : child;
    else
        after = child ? tree_edit(a, child, path, fn, ctx) : NULL;
    return after == child ? root : val_with(a, root, name, after);
}

void tree_visit(struct arena *a, const struct val *root, struct str path, struct str place,
                tree_visit_fn *fn, void *ctx)
{
    const struct val *child;
    struct str name;
    bool each;

    if (!val_is(root, VAL_MAP))
        return;
    if (!path.len) {
        fn(a, root, place, ctx);
        return;
    }
    name = step_cut(&path, &each);
    child = val_get(root, name);
    place = place.len ? str_printf(a, "%.*s.%.*s", STR_ARG(place), STR_ARG(name)) : name;
    if (!each) {
        tree_visit(a, child, path, place, fn, ctx);
        return;
    }
    for (size_t i = 0; val_is(child, VAL_SEQ) && i < child->count; i++)
        tree_visit(a, child->items[i], path, str_printf(a, "%.*s[%zu]", STR_ARG(place), i), fn,
                   ctx);
}
