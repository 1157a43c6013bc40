/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/shared_label.h"

#include "base/vec.h"

/* The mark is this name of a file with line 0, which no value that was read has. */
static const char mark[] = "label";

struct change {
    const struct val *old;
    const struct val *now;
};

struct follow {
    struct arena *arena;
    VEC(struct change) changes;
};

static bool is_marked(const struct val *v)
{
    return v->file == mark;
}

static const struct val *marked(struct arena *a, const struct val *like)
{
    struct val *v = ARENA_NEW(a, struct val);
    *v = *like;
    v->file = mark;
    v->line = 0;
    return v;
}

const struct val *kust_shared_label(struct arena *a, struct str text)
{
    return marked(a, val_string(a, text));
}

static bool is_scalar(const struct val *v)
{
    return v->kind != VAL_MAP && v->kind != VAL_SEQ;
}

/* Both trees side by side, shared parts skipped. */
static void collect(struct follow *f, const struct val *before, const struct val *after)
{
    if (before == after)
        return;
    if (is_marked(before) && is_scalar(after)) {
        *VEC_PUSH(f->arena, &f->changes) = (struct change){ before, after };
        return;
    }
    if (before->kind == VAL_MAP && after->kind == VAL_MAP) {
        for (size_t i = 0; i < before->count; i++) {
            const struct val *now = val_get(after, before->fields[i].key);
            if (now)
                collect(f, before->fields[i].value, now);
        }
    }
    if (before->kind == VAL_SEQ && after->kind == VAL_SEQ && before->count == after->count)
        for (size_t i = 0; i < before->count; i++)
            collect(f, before->items[i], after->items[i]);
}

/* Every place of `old` or `now` gets `by`; NULL instead of a change: marks go. */
static const struct val *rewritten(struct arena *a, const struct change *c, const struct val *by,
                                   const struct val *v)
{
    struct map_editor map = { .arena = a, .map = v };
    struct seq_editor seq = { .arena = a, .seq = v };
    if (c && (v == c->old || v == c->now))
        return by;
    if (!c && is_marked(v))
        return val_string(a, v->text);
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        const struct val *now = rewritten(a, c, by, v->fields[i].value);
        if (now != v->fields[i].value)
            map_editor_set(&map, v->fields[i].key, now);
    }
    for (size_t i = 0; v->kind == VAL_SEQ && i < v->count; i++) {
        const struct val *now = rewritten(a, c, by, v->items[i]);
        if (now != v->items[i])
            seq_editor_set(&seq, i, now);
    }
    return v->kind == VAL_MAP   ? map_editor_done(&map)
           : v->kind == VAL_SEQ ? seq_editor_done(&seq)
                                : v;
}

/* Several places of one value may have changed: it stays one value, that of the last of them. */
static const struct val *apply(struct follow *f, size_t first, const struct val *after)
{
    const struct val *old = f->changes.items[first].old, *by = NULL;
    for (size_t i = 0; i < first; i++)
        if (f->changes.items[i].old == old)
            return after;
    for (size_t i = f->changes.count; i > first && !by; i--)
        if (f->changes.items[i - 1].old == old)
            by = marked(f->arena, f->changes.items[i - 1].now);
    for (size_t i = first; by && i < f->changes.count; i++)
        if (f->changes.items[i].old == old)
            after = rewritten(f->arena, &f->changes.items[i], by, after);
    return after;
}

const struct val *kust_shared_follow(struct arena *a, const struct val *before,
                                     const struct val *after)
{
    struct follow f = { .arena = a, .changes = VEC_INIT };
    collect(&f, before, after);
    for (size_t i = 0; i < f.changes.count; i++)
        after = apply(&f, i, after);
    return after;
}

const struct val *kust_shared_forget(struct arena *a, const struct val *object)
{
    return rewritten(a, NULL, NULL, object);
}
