/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/field_edit.h"

#include "foreign/regex.h"

struct step {
    struct kust_field_edit *edit;
    const struct kust_strs *path;
    size_t at; /* part that is next */
};

static struct err *walk(const struct step *s, const struct val *v, const struct val **ret);

static struct err *below(const struct step *s, const struct val *v, const struct val **ret)
{
    struct step next = *s;
    next.at++;
    return walk(&next, v, ret);
}

static struct err *wrong_kind(const struct step *s, const struct val *v, const char *want)
{
    return err_new(s->edit->arena, ERR_INVALID, "%s:%u:%u: \"%.*s\" needs %s, found %s",
                   v->file ? v->file : "", v->line, v->column, STR_ARG(s->path->items[s->at]), want,
                   val_kind_name(v));
}

/* What the missing value of the current part starts as: the part after it tells. */
static const struct val *made(const struct step *s)
{
    if (s->at + 1 >= s->path->count)
        return s->edit->create;
    struct str next = s->path->items[s->at + 1], key, value;
    uint64_t index;
    bool list = kust_field_part_match(next, &key, &value) || str_to_uint64(next, &index);
    return list ? &val_empty_seq : &val_empty_map;
}

static struct err *walk_field(const struct step *s, const struct val *v, const struct val **ret)
{
    struct str key = s->path->items[s->at];
    if (v->kind == VAL_NULL && s->edit->create)
        v = &val_empty_map;
    if (v->kind == VAL_NULL)
        return NULL;
    if (v->kind != VAL_MAP)
        return wrong_kind(s, v, "an object");
    const struct val *old = val_get(v, key), *now;
    struct err *e;
    if (!old && !s->edit->create)
        return NULL;
    if (TRY(&e, below(s, old ? old : made(s), &now)))
        return e;
    if (now != old)
        *ret = val_with(s->edit->arena, v, key, now);
    return NULL;
}

static struct err *walk_item(const struct step *s, const struct val *seq, size_t index,
                             const struct val **ret)
{
    const struct val *old = seq->items[index], *now;
    struct err *e;
    if (TRY(&e, below(s, old, &now)))
        return e;
    if (now != old)
        *ret = val_seq_replace(s->edit->arena, *ret, index, now);
    return NULL;
}

static struct err *walk_index(const struct step *s, const struct val *v, uint64_t index,
                              const struct val **ret)
{
    if (v->kind != VAL_SEQ)
        return wrong_kind(s, v, "an array");
    if (index == v->count && s->edit->create)
        v = *ret = val_seq_append(s->edit->arena, v, made(s));
    if (index >= v->count)
        return err_new(s->edit->arena, ERR_INVALID, "index %llu specified but only %u items found",
                       (unsigned long long)index, v->count);
    return walk_item(s, v, index, ret);
}

/* One of several items that may change. */
static struct err *edit_item(const struct step *s, struct seq_editor *list, size_t index)
{
    const struct val *old = list->seq->items[index], *now;
    struct err *e;
    if (TRY(&e, below(s, old, &now)))
        return e;
    if (now != old)
        seq_editor_set(list, index, now);
    return NULL;
}

static struct err *walk_every(const struct step *s, const struct val *v, const struct val **ret)
{
    struct seq_editor list = { .arena = s->edit->arena, .seq = v };
    if (v->kind != VAL_SEQ)
        return wrong_kind(s, v, "an array");
    for (size_t i = 0; i < v->count; i++) {
        struct err *e;
        if (TRY(&e, edit_item(s, &list, i)))
            return e;
    }
    *ret = seq_editor_done(&list);
    return NULL;
}

struct wanted {
    struct str key;
    struct str pattern;
    struct regex *regex;
};

static bool is_wanted(const struct step *s, const struct wanted *w, const struct val *item)
{
    const struct val *own = w->key.len > 0 ? val_get(item, w->key) : item;
    if (!own || own->kind == VAL_MAP || own->kind == VAL_SEQ)
        return false;
    return regex_is_match(w->regex, kust_text(s->edit->arena, own));
}

/* Items whose key matches; with `create`, one is made when there is none. */
static struct err *walk_matching(const struct step *s, const struct val *v, struct wanted *w,
                                 const struct val **ret)
{
    struct arena *a = s->edit->arena;
    struct seq_editor list = { .arena = a, .seq = v };
    struct err *e;
    bool found = false;
    if (v->kind != VAL_SEQ && v->kind != VAL_NULL)
        return wrong_kind(s, v, "an array");
    if (TRY(&e, regex_compile(a, w->pattern, &w->regex)))
        return e;
    for (size_t i = 0; i < val_count(v); i++) {
        if (!is_wanted(s, w, v->items[i]))
            continue;
        found = true;
        if (TRY(&e, edit_item(s, &list, i)))
            return e;
    }
    if (found)
        *ret = seq_editor_done(&list);
    if (found || !s->edit->create)
        return NULL;
    const struct val *item = kust_rewrite_scalar(a, NULL, w->pattern);
    if (w->key.len > 0)
        item = val_with(a, NULL, w->key, item);
    v = *ret = val_seq_append(a, v->kind == VAL_SEQ ? v : &val_empty_seq, item);
    return walk_item(s, v, v->count - 1, ret);
}

static struct err *walk(const struct step *s, const struct val *v, const struct val **ret)
{
    *ret = v;
    s->edit->visited += v->kind == VAL_SEQ ? 1 + 4 * (size_t)v->count : 1;
    if (s->at >= s->path->count) {
        s->edit->matches++;
        return s->edit->set(s->edit, v, ret);
    }
    struct str part = s->path->items[s->at];
    bool bracketed = str_has_prefix(part, STR("[")) && str_has_suffix(part, STR("]"));
    struct wanted w = { .regex = NULL };
    uint64_t index;
    if (str_to_uint64(part, &index))
        return walk_index(s, v, index, ret);
    if (kust_field_part_match(part, &w.key, &w.pattern))
        return walk_matching(s, v, &w, ret);
    if (str_is(part, "*"))
        return walk_every(s, v, ret);
    if (part.len == 0)
        return err_new(s->edit->arena, ERR_INVALID, "the field path has an empty part");
    if (bracketed)
        return err_new(s->edit->arena, ERR_INVALID,
                       "\"%.*s\": a list item is chosen by [field=value]", STR_ARG(part));
    return walk_field(s, v, ret);
}

struct err *kust_field_edit(struct kust_field_edit *edit, const struct kust_strs *path,
                            const struct val *v, const struct val **ret)
{
    struct step s = { edit, path, 0 };
    return walk(&s, v, ret);
}
