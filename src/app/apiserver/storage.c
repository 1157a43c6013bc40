/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/storage.h"

#include <inttypes.h>

#include "value/json.h"

static struct store_key key_of(struct arena *a, const struct api_resource *res, struct str ns,
                               struct str name)
{
    return (struct store_key){ .resource = api_resource_store_key(a, res),
                               .ns = res->namespaced ? ns : STR(""),
                               .name = name };
}

const struct val *storage_with_revision(struct arena *a, const struct val *object, int64_t revision)
{
    return val_with_at(a, object, "metadata.resourceVersion",
                       val_string(a, str_printf(a, "%" PRId64, revision)));
}

struct err *storage_decode(struct arena *a, const struct api_resource *res, struct str value,
                           int64_t revision, const struct val **ret)
{
    const struct val *object = NULL;
    struct err *e;

    if (TRY(&e, json_read(a, value, STR("stored object"), JSON_READ_BORROW, &object)))
        return err_wrap(a, e, "%.*s", STR_ARG(api_resource_store_key(a, res)));
    object = storage_with_revision(a, object, revision);
    object = api_resource_convert(a, object, res->gvk.group, res->gvk.version);
    *ret = res->crd ? crd_default(a, res->crd, object) : object;
    return NULL;
}

int64_t storage_revision(const struct val *object)
{
    int64_t revision = 0;

    (void)str_to_int64(val_at_str(object, "metadata.resourceVersion"), &revision);
    return revision;
}

struct err *storage_get(struct apiserver *s, struct run *r, const struct api_resource *res,
                        struct str ns, struct str name, const struct val **ret)
{
    struct store_key key = key_of(r->arena, res, ns, name);
    struct store_row row = { 0 };
    bool found = false;
    struct err *e;

    *ret = NULL;
    if (TRY(&e, s->store.ops->get(s->store.self, r, &key, &found, &row)) || !found)
        return e;
    return storage_decode(r->arena, res, row.value, row.revision, ret);
}

struct err *storage_commit(struct apiserver *s, struct run *r, const struct storage_write *w,
                           int64_t *ret_revision)
{
    struct arena *a = r->arena;
    const struct api_resource *res = w->resource;
    const struct val *object = val_without_at(a, w->object, "metadata.resourceVersion");
    struct store_write write = { .key = key_of(a, res, w->ns, w->name),
                                 .remove = w->remove,
                                 .expected_revision = w->expected };
    struct err *e;

    object = api_resource_convert(a, object, res->storage_group, res->storage_version);
    write.value = json_string(a, object, JSON_COMPACT);
    if (TRY(&e, s->store.ops->commit(s->store.self, r, &write, 1, w->dry_run)))
        return e;
    *ret_revision = w->dry_run ? w->expected : write.ret_revision;
    return NULL;
}

struct err *storage_list(struct apiserver *s, struct run *r, const struct api_resource *res,
                         struct str ns, struct storage_objects *ret)
{
    struct store_range range = { .resource = api_resource_store_key(r->arena, res), .ns = ns };
    struct store_rows rows = { 0 };
    struct err *e;

    if (TRY(&e, s->store.ops->list(s->store.self, r, &range, &rows)))
        return e;
    ret->items = ARENA_ARRAY(r->arena, rows.count + 1, const struct val *);
    ret->revisions = ARENA_ARRAY(r->arena, rows.count + 1, int64_t);
    ret->count = rows.count;
    ret->revision = rows.revision;
    for (size_t i = 0; i < rows.count; i++) {
        ret->revisions[i] = rows.items[i].revision;
        if (TRY(&e, storage_decode(r->arena, res, rows.items[i].value, rows.items[i].revision,
                                   &ret->items[i])))
            return e;
    }
    return NULL;
}

enum { EACH_PAGE_ROWS = 200 };

void storage_each(struct apiserver *s, struct str resource,
                  void (*fn)(void *ctx, struct arena *a, const struct store_row *row), void *ctx)
{
    ARENA_AUTO struct arena *keys = arena_new(0);
    ARENA_AUTO struct arena *page = arena_new(0);
    struct run r = { .arena = page, .deadline = MONO_NEVER };
    struct store_range range = { .resource = resource, .limit = EACH_PAGE_ROWS };
    struct store_rows rows = { .more = true };

    while (rows.more) {
        rows = (struct store_rows){ 0 };
        if (s->store.ops->list(s->store.self, &r, &range, &rows))
            return;
        for (size_t i = 0; i < rows.count; i++)
            fn(ctx, page, &rows.items[i]);
        if (rows.count) {
            const struct store_key *last = &rows.items[rows.count - 1].key;

            arena_reset(keys);
            range.after.ns = str_dup(keys, last->ns);
            range.after.name = str_dup(keys, last->name);
        }
        arena_reset(page);
    }
}

/* ---- core's view ---- */

static struct err *reader_get(void *self, struct arena *a, struct str resource, struct str ns,
                              struct str name, const struct val **ret)
{
    struct storage_reader *reader = self;
    struct apiserver *s = reader->s;
    const struct api_resource *res = registry_find_stored(s->registry, reader->r->arena, resource);
    struct run inner = *reader->r;

    *ret = NULL;
    inner.arena = a;
    return res ? storage_get(s, &inner, res, ns, name, ret) : NULL;
}

static struct err *reader_list(void *self, struct arena *a, struct str resource, struct str ns,
                               const struct val *const **ret, size_t *ret_count)
{
    struct storage_reader *reader = self;
    struct apiserver *s = reader->s;
    const struct api_resource *res = registry_find_stored(s->registry, reader->r->arena, resource);
    struct storage_objects all = { 0 };
    struct run inner = *reader->r;
    struct err *e;

    *ret = NULL;
    *ret_count = 0;
    inner.arena = a;
    if (!res)
        return NULL;
    if (TRY(&e, storage_list(s, &inner, res, ns, &all)))
        return e;
    *ret = all.items;
    *ret_count = all.count;
    return NULL;
}

void storage_reader_init(struct storage_reader *reader, struct apiserver *s, struct run *r)
{
    reader->s = s;
    reader->r = r;
    reader->port = (struct object_reader){ .self = reader, .get = reader_get, .list = reader_list };
}

struct str storage_uid(struct apiserver *s, struct arena *a)
{
    unsigned char b[16];

    random_fill(&s->random, b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    return str_printf(a, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                      b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                      b[12], b[13], b[14], b[15]);
}
