/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "core/kustomize/build.h"
#include "core/kustomize/refold.h"
#include "core/kustomize/reread.h"
#include "value/yaml.h"

struct kust_resource *kust_resource_new(struct kust_build *b, const struct val *object)
{
    struct kust_resource *r = ARENA_NEW(b->arena, struct kust_resource);
    kust_resource_set(b->arena, &b->schema, r, object);
    struct str api_version = kust_text(b->arena, val_get(object, STR("apiVersion")));
    if (!b->schema_chosen && !merge_schema_knows(&b->schema, api_version, r->id.kind))
        b->builtin_used = true;
    if (b->options->trace)
        *VEC_PUSH(b->arena, &r->steps) = (struct kustomize_step){
            .object = object,
            .by = STR(""),
            .place = object->file ? str_printf(b->arena, "%s:%u:%u", object->file, object->line,
                                               (unsigned)object->column)
                                  : STR(""),
        };
    return r;
}

static struct err *bad(struct kust_build *b, const struct val *v, struct str name, const char *what)
{
    return err_new(b->arena, ERR_INVALID, "%.*s:%u:%u: %s", STR_ARG(name), v->line, v->column,
                   what);
}

struct err *kust_object_check(struct kust_build *b, const struct val *v, struct str name)
{
    if (v->kind != VAL_MAP)
        return bad(b, v, name, "expected a Kubernetes object");
    struct str kind = kust_text(b->arena, val_get(v, STR("kind")));
    if (kind.len == 0)
        return bad(b, v, name, "missing kind in object");
    if (str_has_suffix(kind, STR("List")))
        return NULL;
    const struct val *metadata = val_get(v, STR("metadata"));
    if (metadata && metadata->kind != VAL_MAP && metadata->kind != VAL_NULL)
        return bad(b, metadata, name, "metadata must be an object");
    const struct val *own = val_get(metadata, STR("name"));
    if (kust_is_empty(own) || kust_text(b->arena, own).len == 0)
        return bad(b, v, name, "missing metadata.name in object");
    return NULL;
}

struct queue {
    const struct val **items;
    size_t count;
    size_t cap;
    struct kust_errors errors;
};

/* One object after the other; what is wrong with one is kept, so that all are told at once. */
static struct err *push(struct kust_build *b, struct queue *q, const struct val *v, struct str name)
{
    if (kust_is_empty(v))
        return NULL;
    struct err *e = kust_object_check(b, v, name);
    if (e)
        *VEC_PUSH(b->arena, &q->errors) = e;
    if (e)
        return NULL;
    if (q->count >= LIMIT_BUILD_OBJECTS)
        return err_new(b->arena, ERR_TOO_LARGE, "%.*s: more than %u objects", STR_ARG(name),
                       LIMIT_BUILD_OBJECTS);
    *VEC_PUSH(b->arena, q) = v;
    return NULL;
}

static bool is_wrapper(struct kust_build *b, const struct val *v)
{
    struct str kind = kust_text(b->arena, val_get(v, STR("kind")));
    return (str_is(kind, "List") || str_is(kind, "ResourceList")) &&
           (val_get(v, STR("items")) || val_get(v, STR("functionConfig")));
}

static struct err *push_items(struct kust_build *b, struct queue *q, const struct val *items,
                              struct str name)
{
    struct err *e;
    for (size_t i = 0; i < val_count(items); i++)
        if (TRY(&e, push(b, q, items->items[i], name)))
            return e;
    return NULL;
}

/* Objects of a "FooList" join the end of the queue, as lists within lists do. */
static struct err *open_lists(struct kust_build *b, struct queue *q, struct str name,
                              struct kust_resources *ret)
{
    for (size_t i = 0; i < q->count; i++) {
        const struct val *v = q->items[i];
        const struct val *items = val_get(v, STR("items"));
        bool is_list = str_has_suffix(kust_text(b->arena, val_get(v, STR("kind"))), STR("List"));
        if (is_list && !items && !val_get(v, STR("metadata")))
            v = val_with(b->arena, v, STR("metadata"), &val_empty_map);
        if (!is_list || !items) {
            *VEC_PUSH(b->arena, ret) = kust_resource_new(b, v);
            continue;
        }
        if (items->kind != VAL_SEQ && items->kind != VAL_NULL)
            return bad(b, items, name, "expected an array of items");
        struct err *e;
        if (TRY(&e, kust_refold(b->arena, items, &items)) ||
            TRY(&e, push_items(b, q, kust_reread_json(b->arena, items), name)))
            return e;
    }
    return NULL;
}

static struct err *read_objects(struct kust_build *b, struct str text, struct str name,
                                enum yaml_dialect dialect, struct kust_resources *ret)
{
    struct yaml_docs docs;
    struct err *e;
    if (TRY(&e, yaml_read_all(b->arena, text, name, dialect, &docs)))
        return e;
    struct queue q = { .items = NULL };
    bool single = docs.count == 1 && is_wrapper(b, docs.items[0]);
    if (single && TRY(&e, push_items(b, &q, val_get(docs.items[0], STR("items")), name)))
        return e;
    for (size_t i = 0; i < docs.count && !single; i++)
        if (TRY(&e, push(b, &q, docs.items[i], name)))
            return e;
    if (TRY(&e, open_lists(b, &q, name, ret)))
        return e;
    return err_join(b->arena, q.errors.items, q.errors.count);
}

struct err *kust_objects_read(struct kust_build *b, struct str text, struct str name,
                              struct kust_resources *ret)
{
    return read_objects(b, text, name, YAML_KYAML, ret);
}

struct err *kust_patches_read(struct kust_build *b, struct str text, struct str name,
                              struct kust_resources *ret)
{
    return read_objects(b, text, name, YAML_KYAML_LOOSE, ret);
}
