/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/fieldspec.h"

#include "base/buf.h"

/* Cuts the next key off *path, with "\/" made "/". False at the end. */
static bool next_key(struct arena *a, struct str *path, struct str *ret)
{
    if (!path->ptr)
        return false;
    size_t slash = str_find_byte(*path, '/', 0);
    if (slash == SIZE_MAX || slash == 0 || path->ptr[slash - 1] != '\\')
        return str_cut(path, '/', ret);
    struct buf b;
    buf_init(&b, a, 0);
    for (struct str part; str_cut(path, '/', &part);) {
        bool goes_on = str_has_suffix(part, STR("\\")) && path->ptr;
        buf_put(&b, goes_on ? str_slice(part, 0, part.len - 1) : part);
        if (!goes_on)
            break;
        buf_put_byte(&b, '/');
    }
    *ret = buf_str(&b);
    return true;
}

struct walk {
    const struct kust_edit *edit;
    bool create;
};

static struct err *walk(const struct walk *w, struct str path, const struct val *v,
                        const struct val **ret);

static struct err *walk_seq(const struct walk *w, struct str path, const struct val *seq,
                            const struct val **ret)
{
    const struct val **items = NULL; /* made at the first change */
    for (size_t i = 0; i < seq->count; i++) {
        const struct val *item;
        struct err *e;
        if (TRY(&e, walk(w, path, seq->items[i], &item)))
            return e;
        if (item == seq->items[i])
            continue;
        if (!items) {
            items = arena_alloc(w->edit->arena, seq->count * sizeof *items);
            memcpy(items, seq->items, seq->count * sizeof *items);
        }
        items[i] = item;
    }
    *ret = items ? val_seq(w->edit->arena, items, seq->count) : seq;
    return NULL;
}

const struct val *kust_null_entries(const struct val *null)
{
    return null && null->count > 0 ? null->fields[0].value : &val_empty_map;
}

const struct val *kust_null_with(struct arena *a, const struct val *null, const struct val *entries)
{
    struct val *v = ARENA_NEW(a, struct val);
    struct val_field *field = ARENA_NEW(a, struct val_field);
    field->value = entries;
    *v = *null;
    v->count = 1;
    v->fields = field;
    return v;
}

/* What a field that is missing or null becomes before the walk goes on; NULL: leave it alone. */
static const struct val *made(const struct walk *w, bool last, bool is_list, const struct val *old)
{
    if (!w->create || w->edit->make == KUST_MAKE_NOTHING)
        return old;
    if (is_list)
        return old ? &val_empty_seq : NULL;
    if (last && w->edit->make == KUST_MAKE_SCALAR)
        return old ? old : &val_null;
    return kust_null_entries(old);
}

static struct err *walk_map(const struct walk *w, struct str path, const struct val *map,
                            const struct val **ret)
{
    struct arena *a = w->edit->arena;
    struct str key = STR(""), rest = path;
    next_key(a, &rest, &key);
    bool is_list = str_has_suffix(key, STR("[]"));
    if (is_list)
        key = str_slice(key, 0, key.len - 2);
    if (key.len == 0)
        return err_new(a, ERR_INVALID, "cannot set or create an empty field name");
    const struct val *old = val_get(map, key);
    const struct val *next = old;
    if (!old || old->kind == VAL_NULL)
        next = made(w, !rest.ptr, is_list, old);
    *ret = map;
    if (!next)
        return NULL;
    const struct val *value;
    struct err *e;
    if (TRY(&e, walk(w, rest, next, &value)))
        return e;
    if (value != old)
        *ret = val_with(a, map, key, value);
    return NULL;
}

static struct err *walk(const struct walk *w, struct str path, const struct val *v,
                        const struct val **ret)
{
    if (!path.ptr)
        return w->edit->set(w->edit, v, ret);
    *ret = v;
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        return NULL;
    case VAL_SEQ:
        return walk_seq(w, path, v, ret);
    case VAL_MAP:
        return walk_map(w, path, v, ret);
    case VAL_BOOL:
    case VAL_INT:
    case VAL_FLOAT:
    case VAL_STRING:
    default:
        return err_new(w->edit->arena, ERR_INVALID,
                       "%s:%u:%u: expected an object or an array, found a %s",
                       v->file ? v->file : "", v->line, v->column, val_kind_name(v));
    }
}

static bool fits(const struct kust_edit *edit, const struct kust_gvk *by, const struct val *object)
{
    struct kust_id id = { .kind = kust_text(edit->arena, val_get(object, STR("kind"))) };
    if (by->kind.len > 0 && !str_eq(by->kind, id.kind))
        return false;
    if (by->group.len > 0 || by->version.len > 0)
        kust_split_api_version(kust_text(edit->arena, val_get(object, STR("apiVersion"))),
                               &id.group, &id.version);
    return kust_id_selected(&id, by);
}

struct err *kust_fieldspec_apply(const struct kust_edit *edit, const struct kust_fieldspec *spec,
                                 const struct val *object, const struct val **ret)
{
    *ret = object;
    if (!fits(edit, &spec->gvk, object))
        return NULL;
    struct walk w = { edit, spec->create };
    struct str path = spec->path;
    if (path.len > 1 && path.ptr[0] == '/')
        path = str_skip(path, 1);
    struct err *e;
    if (TRY(&e, walk(&w, path, object, ret)))
        return err_wrap(edit->arena, e, "considering field \"%.*s\"", STR_ARG(spec->path));
    return NULL;
}

struct err *kust_fieldspecs_apply(const struct kust_edit *edit, struct kust_fieldspecs specs,
                                  const struct val *object, const struct val **ret)
{
    *ret = object;
    for (size_t i = 0; i < specs.count; i++) {
        struct err *e;
        if (TRY(&e, kust_fieldspec_apply(edit, &specs.items[i], *ret, ret)))
            return e;
    }
    return NULL;
}

/* The entry of `specs` that covers `x` already, or NULL. */
static const struct kust_fieldspec *covering(const struct kust_fieldspec *items, size_t count,
                                             const struct kust_fieldspec *x)
{
    for (size_t i = 0; i < count; i++) {
        const struct kust_gvk *have = &items[i].gvk;
        struct kust_id id = { .group = have->group, .version = have->version, .kind = have->kind };
        if (kust_id_selected(&id, &x->gvk) && str_eq(items[i].path, x->path))
            return &items[i];
    }
    return NULL;
}

struct err *kust_fieldspecs_merge(struct arena *a, struct kust_fieldspecs *into,
                                  struct kust_fieldspecs more)
{
    struct kust_fieldspec *items = ARENA_ARRAY(a, into->count + more.count, struct kust_fieldspec);
    size_t count = into->count;
    if (count > 0)
        memcpy(items, into->items, count * sizeof *items);
    for (size_t i = 0; i < more.count; i++) {
        const struct kust_fieldspec *x = &more.items[i];
        const struct kust_fieldspec *have = covering(items, count, x);
        if (have && have->create != x->create)
            return err_new(a, ERR_INVALID,
                           "conflicting field specs for \"%.*s\": create is both true and false",
                           STR_ARG(x->path));
        if (!have)
            items[count++] = *x;
    }
    *into = (struct kust_fieldspecs){ items, count };
    return NULL;
}
