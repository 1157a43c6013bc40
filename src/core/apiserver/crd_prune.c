/* SPDX-License-Identifier: Apache-2.0 */
/* Pruning and defaulting of custom objects, along their structural schema. */
#include "core/apiserver/crd.h"
#include "core/apiserver/decode_typed.h"

#define OBJECT_META STR("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")

struct prune {
    struct arena *arena;
    struct field_paths *unknown;
};

static const struct val *prune(struct prune *p, const struct val *v, const struct val *node,
                               struct str path, bool root);

static bool keeps_unknown(const struct val *node)
{
    return val_at_bool(node, "x-kubernetes-preserve-unknown-fields", false);
}

static struct str join(struct arena *a, struct str path, struct str key)
{
    return path.len ? str_printf(a, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key;
}

static bool is_type_meta(struct str key)
{
    return str_is(key, "apiVersion") || str_is(key, "kind") || str_is(key, "metadata");
}

/* metadata of an embedded object is as strict as any. */
static const struct val *embedded_metadata(struct prune *p, const struct val *v, struct str path)
{
    const struct val *meta = v;

    if (!val_is(v, VAL_MAP) ||
        typed_decode(p->arena, schema_type_named(OBJECT_META), v, path, p->unknown, &meta))
        return v;
    return meta;
}

static const struct val *prune_map(struct prune *p, const struct val *v, const struct val *node,
                                   struct str path, bool root)
{
    const struct val *properties = val_get(node, STR("properties"));
    const struct val *additional = val_get(node, STR("additionalProperties"));
    bool embedded = val_at_bool(node, "x-kubernetes-embedded-resource", false);
    bool keep = keeps_unknown(node) || (val_is(additional, VAL_BOOL) && additional->boolean);
    struct map_builder b;

    map_builder_init(&b, p->arena);
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct val *below = val_get(properties, f->key);
        struct str at = join(p->arena, path, f->key);

        if ((root || embedded) && is_type_meta(f->key))
            map_builder_set(&b, f->key,
                            embedded && str_is(f->key, "metadata")
                                ? embedded_metadata(p, f->value, at)
                                : f->value);
        else if (below)
            map_builder_set(&b, f->key, prune(p, f->value, below, at, false));
        else if (val_is(additional, VAL_MAP))
            map_builder_set(&b, f->key, prune(p, f->value, additional, at, false));
        else if (keep)
            map_builder_set(&b, f->key, f->value);
        else if (p->unknown)
            *VEC_PUSH(p->arena, p->unknown) = at;
    }
    return map_builder_done(&b, v);
}

static const struct val *prune(struct prune *p, const struct val *v, const struct val *node,
                               struct str path, bool root)
{
    const struct val *items = val_get(node, STR("items"));
    struct seq_builder b;

    if (v->kind == VAL_MAP)
        return prune_map(p, v, node, path, root);
    if (v->kind != VAL_SEQ || !items)
        return v;
    seq_builder_init(&b, p->arena);
    for (size_t i = 0; i < v->count; i++)
        seq_builder_add(&b, prune(p, v->items[i], items,
                                  str_printf(p->arena, "%.*s[%zu]", STR_ARG(path), i), false));
    return seq_builder_done(&b, v);
}

const struct val *crd_prune(struct arena *a, const struct crd_version *v, const struct val *object,
                            struct field_paths *unknown)
{
    struct prune p = { .arena = a, .unknown = unknown };

    if (!v->schema || v->preserve_unknown)
        return object;
    return prune(&p, object, v->schema, STR(""), true);
}

/* ---- defaults ---- */

static const struct val *fill(struct arena *a, const struct val *v, const struct val *node,
                              bool root);

static bool is_bare_null(const struct val *v, const struct val *node)
{
    return val_is(v, VAL_NULL) && !val_at_bool(node, "nullable", false);
}

static const struct val *fill_value(struct arena *a, const struct val *v, const struct val *node)
{
    const struct val *standard = val_get(node, STR("default"));

    if (is_bare_null(v, node)) {
        if (!standard || standard->kind == VAL_NULL)
            return NULL;
        v = standard;
    }
    return fill(a, v, node, false);
}

static const struct val *fill_map(struct arena *a, const struct val *v, const struct val *node,
                                  bool root)
{
    const struct val *properties = val_get(node, STR("properties"));
    const struct val *additional = val_get(node, STR("additionalProperties"));
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++) {
        const struct val_field *f = &v->fields[i];
        const struct val *below = val_get(properties, f->key);
        const struct val *value = f->value;

        if (!below && val_is(additional, VAL_MAP))
            below = additional;
        if (below && !(root && is_type_meta(f->key)))
            value = fill_value(a, value, below);
        if (value)
            map_builder_set(&b, f->key, value);
    }
    for (size_t i = 0; i < val_count(properties); i++) {
        const struct val *below = properties->fields[i].value;
        const struct val *standard = val_get(below, STR("default"));

        if (!standard || map_builder_get(&b, properties->fields[i].key) ||
            (root && is_type_meta(properties->fields[i].key)))
            continue;
        map_builder_set(&b, properties->fields[i].key, fill(a, standard, below, false));
    }
    return map_builder_done(&b, v);
}

static const struct val *fill(struct arena *a, const struct val *v, const struct val *node,
                              bool root)
{
    const struct val *items = val_get(node, STR("items"));
    struct seq_builder b;

    if (v->kind == VAL_MAP)
        return fill_map(a, v, node, root);
    if (v->kind != VAL_SEQ || !items)
        return v;
    seq_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++) {
        const struct val *item = fill_value(a, v->items[i], items);

        seq_builder_add(&b, item ? item : &val_null);
    }
    return seq_builder_done(&b, v);
}

const struct val *crd_default(struct arena *a, const struct crd_version *v,
                              const struct val *object)
{
    return v->schema ? fill(a, object, v->schema, true) : object;
}
