/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/vec.h"
#include "core/kustomize/merge_walk.h"
#include "core/kustomize/resource.h"

/*
 * The peer's algorithm, step for step, since its odd corners are visible: items are identified by tuples of
 * key values; a tuple that lacks a key (a port without a protocol) joins one that agrees in the others; merged items
 * are collected in the order patch, then target; at the end the target's items are set over the collected ones.
 */
#define KEYS_MAX 4

struct tuple {
    struct str values[KEYS_MAX]; /* "" where the item has no such key */
    size_t count;
};

struct items {
    const struct val **items;
    size_t count;
    size_t cap;
};

struct list_merge {
    const struct merge_walk *walk;
    const struct merge_type *type;
    struct str keys[KEYS_MAX]; /* one "" key: items are scalars and identify themselves */
    size_t key_count;
    bool by_value;
    struct items target;
    struct items patch;
    bool has_patch;
    bool same; /* the patch merged with itself */
    VEC(struct tuple) tuples;
};

/* Keys and values of one step; the two counts can differ in the corners. */
struct match {
    struct str keys[KEYS_MAX];
    struct str values[KEYS_MAX];
    size_t key_count;
    size_t value_count;
};

static void copy_items(struct arena *a, struct items *into, const struct val *list)
{
    for (size_t i = 0; list && i < list->count; i++)
        *VEC_PUSH(a, into) = list->items[i];
}

static struct tuple tuple_of(const struct list_merge *m, const struct val *item)
{
    struct tuple t = { .count = m->key_count };
    for (size_t i = 0; i < m->key_count; i++) {
        const struct val *v = m->by_value ? item : val_get(item, m->keys[i]);
        t.values[i] = kust_is_empty(v) ? STR("") : kust_text(m->walk->arena, v);
    }
    return t;
}

static bool tuple_eq(const struct tuple *a, const struct tuple *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (!str_eq(a->values[i], b->values[i]))
            return false;
    return true;
}

static void add_tuples(struct list_merge *m, const struct items *from)
{
    for (size_t i = 0; i < from->count; i++) {
        struct tuple t = tuple_of(m, from->items[i]);
        bool seen = false;
        for (size_t j = 0; j < m->tuples.count && !seen; j++)
            seen = tuple_eq(&t, &m->tuples.items[j]);
        if (!seen)
            *VEC_PUSH(m->walk->arena, &m->tuples) = t;
    }
}

/* True when a and b agree in one key and one of them lacks the others; *ret has what either knows. */
static bool tuples_join(const struct tuple *a, const struct tuple *b, struct tuple *ret)
{
    bool common = false;
    *ret = *a;
    for (size_t i = 0; i < a->count; i++) {
        if (str_eq(a->values[i], b->values[i])) {
            common = true;
            continue;
        }
        if (a->values[i].len > 0 && b->values[i].len > 0)
            return false;
        if (a->values[i].len == 0)
            ret->values[i] = b->values[i];
    }
    return common;
}

static void join_tuples(struct list_merge *m)
{
    for (size_t i = 0; i < m->tuples.count; i++) {
        struct tuple own = m->tuples.items[i];
        for (size_t j = 0; j < m->tuples.count; j++) {
            struct tuple both;
            if (tuples_join(&own, &m->tuples.items[j], &both))
                m->tuples.items[i] = m->tuples.items[j] = both;
        }
    }
}

/* The keys that any of `all` has a value for, with this tuple's values; every key when none has one. */
static struct match valid_keys(const struct list_merge *m, const struct tuple *t,
                               const struct tuple *all, size_t count)
{
    bool used[KEYS_MAX] = { false };
    bool any = false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < t->count; k++)
            if (all[i].values[k].len > 0)
                used[k] = any = true;
    struct match match = { .key_count = 0 };
    for (size_t k = 0; k < t->count; k++) {
        if (any && !used[k])
            continue;
        match.keys[match.key_count++] = m->keys[k];
        match.values[match.value_count++] = t->values[k];
    }
    return match;
}

static struct str field_text(struct arena *a, const struct val *item, struct str key)
{
    return kust_text(a, val_get(item, key));
}

/* First item with these values; only keys that the tuple has a value for count, if there are any. */
static size_t find_item(const struct list_merge *m, const struct items *in,
                        const struct match *match)
{
    bool any = false;
    for (size_t k = 0; k < match->key_count; k++)
        any = any || match->values[k].len > 0;
    for (size_t i = 0; i < in->count; i++) {
        const struct val *item = in->items[i];
        bool found = true;
        if (m->by_value) {
            if (str_eq(kust_text(m->walk->arena, item), match->values[0]))
                return i;
            continue;
        }
        if (item->kind != VAL_MAP)
            continue;
        for (size_t k = 0; k < match->key_count && found; k++) {
            if (any && match->values[k].len == 0)
                continue;
            const struct val *v = val_get(item, match->keys[k]);
            found = v && str_eq(kust_text(m->walk->arena, v), match->values[k]);
        }
        if (found)
            return i;
    }
    return SIZE_MAX;
}

static struct err *item_matches(const struct list_merge *m, const struct val *item,
                                const struct match *match, bool *ret)
{
    *ret = match->value_count > 0;
    for (size_t k = 0; k < match->key_count && *ret; k++) {
        if (k >= match->value_count)
            continue;
        if (m->by_value) {
            *ret = item->kind != VAL_MAP && item->kind != VAL_SEQ &&
                   str_eq(kust_text(m->walk->arena, item), match->values[k]);
            continue;
        }
        if (item->kind != VAL_MAP)
            return err_new(m->walk->arena, ERR_INVALID,
                           "%s:%u:%u: expected an object with \"%.*s\", found a %s",
                           item->file ? item->file : "", item->line, item->column,
                           STR_ARG(match->keys[k]), val_kind_name(item));
        const struct val *v = val_get(item, match->keys[k]);
        *ret = v && (match->values[k].len == 0 ||
                     str_eq(kust_text(m->walk->arena, v), match->values[k]));
    }
    return NULL;
}

/* Puts `value` over every item that matches, or behind them all; NULL removes the matching ones. */
static struct err *set_item(const struct list_merge *m, struct items *in, const struct match *match,
                            const struct val *value)
{
    bool maps = match->key_count > 0 && match->keys[0].len > 0 && match->value_count > 0 &&
                match->values[0].len > 0;
    size_t kept = 0;
    bool found = false;
    for (size_t i = 0; i < in->count; i++) {
        const struct val *item = in->items[i];
        if (item->kind == VAL_NULL || (item->kind == VAL_MAP && item->count == 0))
            continue;
        bool matches = false;
        struct err *e;
        if (!(item->kind != VAL_MAP && maps) && TRY(&e, item_matches(m, item, match, &matches)))
            return e;
        if (!matches) {
            if (match->value_count > 0)
                in->items[kept++] = item;
            continue;
        }
        found = true;
        if (value)
            in->items[kept++] = value;
    }
    in->count = kept;
    if (value && !found)
        *VEC_PUSH(m->walk->arena, in) = value;
    return NULL;
}

static struct err *merge_item(struct list_merge *m, const struct match *match,
                              struct items *collected)
{
    size_t at = find_item(m, &m->target, match);
    const struct items *patch = m->same ? &m->target : &m->patch;
    size_t patch_at = m->has_patch || m->same ? find_item(m, patch, match) : SIZE_MAX;
    struct merge_pair pair = {
        .target = at == SIZE_MAX ? NULL : m->target.items[at],
        .patch = patch_at == SIZE_MAX ? NULL : patch->items[patch_at],
        .type = m->type,
        .in_schema = true,
    };
    struct merge_result got = { 0 };
    struct err *e;
    if (TRY(&e, merge_walk_value(m->walk, &pair, &got)))
        return e;
    bool gone = !got.value || (got.value->kind == VAL_MAP && got.value->count == 0);
    for (size_t k = 0; k < match->key_count; k++) {
        if (gone) {
            if (TRY(&e, set_item(m, &m->target, match, NULL)))
                return e;
        } else if (got.value->kind == VAL_MAP && !val_get(got.value, match->keys[k]) &&
                   match->values[k].len > 0) {
            got.value = val_with(m->walk->arena, got.value, match->keys[k],
                                 kust_plain_scalar(m->walk->arena, match->values[k]));
        }
    }
    if (gone)
        return NULL;
    if (at != SIZE_MAX && (!got.from_patch || m->same))
        m->target.items[at] = got.value;
    return set_item(m, collected, match, got.value);
}

static struct err *append_item(struct list_merge *m, struct items *into, const struct match *keys,
                               const struct val *item)
{
    struct match match = *keys;
    match.value_count = 0;
    struct err *e;
    if (m->by_value) {
        match.values[match.value_count++] = kust_text(m->walk->arena, item);
        return set_item(m, into, &match, item);
    }
    if (item->kind != VAL_MAP && item->kind != VAL_NULL)
        return err_new(m->walk->arena, ERR_INVALID, "%s:%u:%u: expected an object, found a %s",
                       item->file ? item->file : "", item->line, item->column, val_kind_name(item));
    for (size_t k = 0; k < keys->key_count; k++) {
        if (!val_get(item, keys->keys[k]))
            *VEC_PUSH(m->walk->arena, into) = item;
        else
            match.values[match.value_count++] = field_text(m->walk->arena, item, keys->keys[k]);
    }
    if (keys->key_count > 1 && TRY(&e, set_item(m, into, &match, NULL)))
        return e;
    return set_item(m, into, &match, item);
}

/* Each item meets each other one a few times. */
static struct err *spend(const struct list_merge *m)
{
    size_t items = m->target.count + (m->same ? 0 : m->patch.count);
    size_t steps = items * items * m->key_count;
    if (items < LIMIT_TREE_NODES && steps <= *m->walk->steps) {
        *m->walk->steps -= steps;
        return NULL;
    }
    return err_new(m->walk->arena, ERR_TOO_LARGE,
                   "lists of %zu items that are merged by key take too long (at most %llu pairs of "
                   "items are compared)",
                   items, LIMIT_MERGE_STEPS);
}

static struct err *merge_keyed(struct list_merge *m, const struct val *target,
                               const struct val **ret)
{
    struct err *e;
    if (TRY(&e, spend(m)))
        return e;
    if (m->has_patch && !m->same)
        add_tuples(m, &m->patch);
    add_tuples(m, &m->target);
    if (m->key_count > 1)
        join_tuples(m);
    *ret = target;
    if (m->tuples.count == 0)
        return NULL;
    struct items collected = VEC_INIT;
    struct match last = { .key_count = 0 };
    for (size_t i = 0; i < m->tuples.count; i++) {
        last = valid_keys(m, &m->tuples.items[i], m->tuples.items, m->tuples.count);
        if (TRY(&e, merge_item(m, &last, &collected)))
            return e;
    }
    for (size_t i = 0; i < m->target.count; i++)
        if (TRY(&e, append_item(m, &collected, &last, m->target.items[i])))
            return e;
    struct seq_builder b;
    seq_builder_init(&b, m->walk->arena);
    bool changed = collected.count != target->count;
    for (size_t i = 0; i < collected.count; i++) {
        changed = changed || collected.items[i] != target->items[i];
        seq_builder_add(&b, collected.items[i]);
    }
    if (changed)
        *ret = seq_builder_done(&b, target);
    return NULL;
}

/* `- $patch: x` in the patch, alone in its item: read, and taken out of the list. */
static struct err *list_directive(struct arena *a, const struct val **list,
                                  enum merge_directive *ret)
{
    *ret = MERGE_MERGE;
    const struct val *given = NULL;
    size_t at = 0;
    for (; at < (*list)->count && !given; at++)
        given = val_get((*list)->items[at], STR("$patch"));
    if (!given || (*list)->items[at - 1]->count > 1)
        return NULL;
    struct err *e;
    if (TRY(&e, merge_directive_read(a, given, ret)))
        return e;
    struct seq_builder b;
    seq_builder_init(&b, a);
    for (size_t i = 0; i < (*list)->count; i++) {
        const struct val *item = (*list)->items[i];
        const struct val *own = val_get(item, STR("$patch"));
        bool dropped = kust_is_empty(item) && item->kind != VAL_SEQ;
        if (!dropped && !(own && str_eq(kust_text(a, own), kust_text(a, given))))
            seq_builder_add(&b, item);
    }
    *list = seq_builder_done(&b, *list);
    return NULL;
}

static void split_keys(struct list_merge *m, const struct merge_field *field)
{
    m->by_value = field->keys.len == 0;
    for (struct str key, rest = field->keys; str_cut(&rest, ',', &key);)
        if (m->key_count < KEYS_MAX)
            m->keys[m->key_count++] = key;
}

struct err *merge_walk_list(const struct merge_walk *w, const struct merge_pair *pair,
                            struct merge_result *ret)
{
    const struct val *target = pair->target, *patch = pair->patch;
    bool fresh = !target || target->kind == VAL_NULL;
    *ret = (struct merge_result){ NULL, patch != NULL };
    if (!pair->field || !pair->field->merge) {
        const struct val *chosen = patch ? patch : target;
        ret->value = val_is(chosen, VAL_NULL) ? NULL : chosen;
        return NULL;
    }
    if (!fresh && patch && patch->kind == VAL_NULL)
        return NULL;
    enum merge_directive directive = MERGE_MERGE;
    struct err *e;
    if (!fresh && patch && TRY(&e, list_directive(w->arena, &patch, &directive)))
        return e;
    if (directive == MERGE_DELETE)
        return NULL;
    struct list_merge m = { .walk = w, .type = pair->type, .has_patch = patch != NULL };
    m.same = patch && (fresh || directive == MERGE_REPLACE || target == patch);
    if (m.same)
        target = patch;
    split_keys(&m, pair->field);
    copy_items(w->arena, &m.target, target);
    copy_items(w->arena, &m.patch, patch);
    ret->from_patch = m.same;
    return merge_keyed(&m, target, &ret->value);
}
