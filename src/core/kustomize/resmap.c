/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/resmap.h"

#include "base/buf.h"
#include "core/kustomize/generate.h"

void kust_resmap_init(struct kust_resmap *m, struct arena *a)
{
    *m = (struct kust_resmap){ .arena = a };
    map_init(&m->index, a);
}

/* NUL cannot be in a name that came from YAML, so the parts cannot run together. */
static struct str key_of(struct arena *a, const struct kust_id *id)
{
    struct str ns = kust_id_effective_ns(id);
    size_t size = id->kind.len + id->name.len + ns.len + 2;
    struct buf b;
    buf_init(&b, a, 0);
    if (!buf_reserve(&b, size))
        return STR("");
    buf_put(&b, id->kind);
    buf_put_byte(&b, '\0');
    buf_put(&b, id->name);
    buf_put_byte(&b, '\0');
    buf_put(&b, ns);
    return buf_str(&b);
}

static void note_id(struct kust_resmap *m, const struct kust_id *id, struct kust_resource *r)
{
    struct str key = key_of(m->arena, id);
    struct kust_resources *bucket = map_get(&m->index, key);
    if (!bucket) {
        bucket = ARENA_NEW(m->arena, struct kust_resources);
        map_set(&m->index, key, bucket);
    }
    for (size_t i = bucket->count; i > 0 && i + 4 > bucket->count; i--)
        if (bucket->items[i - 1] == r)
            return;
    *VEC_PUSH(m->arena, bucket) = r;
}

void kust_resmap_note(struct kust_resmap *m, struct kust_resource *r)
{
    note_id(m, &r->id, r);
}

static bool has_id(const struct kust_resource *r, const struct kust_id *id, bool any_id)
{
    if (!r->object)
        return false;
    if (kust_id_eq(&r->id, id))
        return true;
    for (size_t i = 0; any_id && i < r->past.count; i++) {
        struct kust_id past = kust_resource_past(r, i);
        if (kust_id_eq(&past, id))
            return true;
    }
    return false;
}

struct kust_resources kust_resmap_find(const struct kust_resmap *m, const struct kust_id *id,
                                       bool any_id)
{
    struct kust_resources found = VEC_INIT;
    const struct kust_resources *bucket = map_get(&m->index, key_of(m->arena, id));
    for (size_t i = 0; bucket && i < bucket->count; i++) {
        struct kust_resource *r = bucket->items[i];
        bool seen = false;
        for (size_t j = 0; j < found.count && !seen; j++)
            seen = found.items[j] == r;
        if (!seen && has_id(r, id, any_id))
            *VEC_PUSH(m->arena, &found) = r;
    }
    return found;
}

/* "apps/web.yaml:3" of the object, or "" for one that was made. */
static struct str place(struct arena *a, const struct kust_resource *r)
{
    const struct val *o = r->object;
    if (!o || !o->file)
        return STR("");
    return str_printf(a, " (%s:%u)", o->file, o->line);
}

static struct err *already(struct arena *a, const struct kust_resource *r,
                           const struct kust_resource *other)
{
    return err_new(a, ERR_ALREADY_EXISTS,
                   "%.*s: may not add resource with an already registered id%.*s; first seen%.*s",
                   STR_ARG(kust_id_format(a, &r->id)), STR_ARG(place(a, r)),
                   STR_ARG(place(a, other)));
}

static void add(struct kust_resmap *m, struct kust_resource *r)
{
    *VEC_PUSH(m->arena, &m->all) = r;
    for (size_t i = 0; i < r->past.count; i++) {
        struct kust_id past = kust_resource_past(r, i);
        note_id(m, &past, r);
    }
    kust_resmap_note(m, r);
}

struct err *kust_resmap_append(struct kust_resmap *m, struct kust_resource *r)
{
    struct kust_resources same = kust_resmap_find(m, &r->id, false);
    if (same.count > 0)
        return already(m->arena, r, same.items[0]);
    add(m, r);
    return NULL;
}

struct err *kust_resmap_append_all(struct kust_resmap *m, const struct kust_resources *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct err *e;
        if (TRY(&e, kust_resmap_append(m, list->items[i])))
            return e;
    }
    return NULL;
}

struct err *kust_resmap_get(const struct kust_resmap *m, const struct kust_id *id,
                            struct kust_resource **ret)
{
    struct kust_resources found = kust_resmap_find(m, id, true);
    struct str name = kust_id_format(m->arena, id);
    if (found.count == 0)
        return err_new(m->arena, ERR_NOT_FOUND, "no resource matches %.*s", STR_ARG(name));
    if (found.count > 1)
        return err_new(m->arena, ERR_INVALID, "%zu resources match %.*s", found.count,
                       STR_ARG(name));
    *ret = found.items[0];
    return NULL;
}

void kust_resmap_drop_empty(struct kust_resmap *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->all.count; i++)
        if (!kust_is_empty(m->all.items[i]->object))
            m->all.items[kept++] = m->all.items[i];
    m->all.count = kept;
}

struct err *kust_resmap_check_unique(const struct kust_resmap *m, const char *what)
{
    struct map seen;
    map_init(&seen, m->arena);
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        struct str type = str_printf(m->arena, "%.*s/%.*s/", STR_ARG(r->id.group),
                                     STR_ARG(r->id.version));
        struct str key = str_concat(m->arena, type, key_of(m->arena, &r->id));
        struct kust_resource *other = map_set(&seen, key, r);
        if (other)
            return err_wrap(m->arena, already(m->arena, r, other), "%s", what);
    }
    return NULL;
}

/* Puts r where old stands; old leaves the index by losing its object. */
static void replace(struct kust_resmap *m, struct kust_resource *old, struct kust_resource *r)
{
    for (size_t i = 0; i < m->all.count; i++)
        if (m->all.items[i] == old)
            m->all.items[i] = r;
    old->object = NULL;
    for (size_t i = 0; i < r->past.count; i++) {
        struct kust_id past = kust_resource_past(r, i);
        note_id(m, &past, r);
    }
    kust_resmap_note(m, r);
}

struct err *kust_resmap_absorb(struct kust_resmap *m, const struct merge_schema *s,
                               struct kust_resource *r)
{
    struct kust_resources found = kust_resmap_find(m, &r->id, true);
    struct str id = kust_id_format(m->arena, &r->id);
    bool combines = r->behavior == KUST_MERGE || r->behavior == KUST_REPLACE;
    if (found.count > 1)
        return err_new(m->arena, ERR_INVALID, "%.*s: %zu resources could take the generated one",
                       STR_ARG(id), found.count);
    if (found.count == 0) {
        if (combines)
            return err_new(m->arena, ERR_NOT_FOUND,
                           "%.*s does not exist; a generator cannot merge with or replace it",
                           STR_ARG(id));
        return kust_resmap_append(m, r);
    }
    if (!combines)
        return err_new(m->arena, ERR_ALREADY_EXISTS,
                       "%.*s exists; the generator's behavior must be merge or replace%.*s",
                       STR_ARG(id), STR_ARG(place(m->arena, found.items[0])));
    struct kust_resource *old = found.items[0];
    kust_generated_inherit(m->arena, s, r, old);
    replace(m, old, r);
    return NULL;
}
