/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenAPI v3 documents from the schema table: what kubectl reads for explain and for checking manifests before it sends them.
 * Descriptions are not kept in the table, so explain shows types and fields alone.
 */
#include "base/map.h"
#include "base/vec.h"
#include "core/apiserver/crd.h"
#include "core/apiserver/discovery.h"
#include "value/json.h"

struct document {
    struct arena *arena;
    struct map known;                 /* type name to itself */
    VEC(const struct schema *) types; /* named, in the order found */
};

static const struct val *typed(struct arena *a, const char *type, const char *format)
{
    return val_map_of(a, "type", val_cstring(a, type), "format",
                      format ? val_cstring(a, format) : NULL, NULL);
}

static const struct val *schema_node(struct document *d, const struct schema *type);

static const struct val *reference(struct document *d, const struct schema *type)
{
    struct arena *a = d->arena;

    if (!type->name.len)
        return schema_node(d, type);
    if (!map_set(&d->known, type->name, d))
        *VEC_PUSH(a, &d->types) = type;
    return val_map_of(a, "$ref",
                      val_string(a, str_concat(a, STR("#/components/schemas/"), type->name)), NULL);
}

static const struct val *property(struct document *d, const struct schema_field *f)
{
    struct arena *a = d->arena;
    const struct val *node = reference(d, f->type);

    if (val_get(node, STR("$ref")))
        node = val_map_of(a, "allOf", val_seq(a, &node, 1), NULL);
    if (f->patch_strategy)
        node = val_with(a, node, STR("x-kubernetes-patch-strategy"),
                        val_cstring(a, f->patch_strategy == SCHEMA_PATCH_MERGE ? "merge"
                                       : f->patch_strategy == SCHEMA_PATCH_RETAIN_KEYS
                                           ? "retainKeys"
                                           : "merge,retainKeys"));
    if (f->patch_merge_key.len)
        node = val_with(a, node, STR("x-kubernetes-patch-merge-key"),
                        val_string(a, f->patch_merge_key));
    return node;
}

static const struct val *struct_node(struct document *d, const struct schema *type)
{
    struct arena *a = d->arena;
    struct map_builder properties;
    struct seq_builder required;

    map_builder_init(&properties, a);
    seq_builder_init(&required, a);
    for (size_t i = 0; i < type->field_count; i++) {
        map_builder_set(&properties, type->fields[i].name, property(d, &type->fields[i]));
        if (type->fields[i].required)
            seq_builder_add(&required, val_string(a, type->fields[i].name));
    }
    return val_map_of(
        a, "type", val_cstring(a, "object"), "properties", map_builder_done(&properties, NULL),
        "required", required.count ? seq_builder_done(&required, NULL) : NULL,
        "x-kubernetes-map-type", type->atomic ? val_cstring(a, "atomic") : NULL, NULL);
}

static const struct val *list_node(struct document *d, const struct schema *type)
{
    static const char *const names[] = { "atomic", "set", "map" };
    struct arena *a = d->arena;
    struct seq_builder keys;

    seq_builder_init(&keys, a);
    for (size_t i = 0; i < type->key_count; i++)
        seq_builder_add(&keys, val_string(a, type->keys[i]));
    return val_map_of(a, "type", val_cstring(a, "array"), "items", reference(d, type->elem),
                      "x-kubernetes-list-type", val_cstring(a, names[type->list_type]),
                      "x-kubernetes-list-map-keys",
                      keys.count ? seq_builder_done(&keys, NULL) : NULL, NULL);
}

static const struct val *either(struct arena *a, const char *one, const char *other)
{
    const struct val *both[2] = { typed(a, one, NULL), typed(a, other, NULL) };

    return val_seq(a, both, 2);
}

static const struct val *schema_node(struct document *d, const struct schema *type)
{
    struct arena *a = d->arena;

    switch ((enum schema_kind)type->kind) {
    case SCHEMA_STRUCT:
        return struct_node(d, type);
    case SCHEMA_LIST:
        return list_node(d, type);
    case SCHEMA_DICT:
        return val_map_of(a, "type", val_cstring(a, "object"), "additionalProperties",
                          reference(d, type->elem), NULL);
    case SCHEMA_STRING:
        return typed(a, "string", NULL);
    case SCHEMA_INT:
        return typed(a, "integer", type->bits == 32 ? "int32" : "int64");
    case SCHEMA_NUMBER:
        return typed(a, "number", "double");
    case SCHEMA_BOOL:
        return typed(a, "boolean", NULL);
    case SCHEMA_INT_OR_STRING:
        return val_map_of(a, "format", val_cstring(a, "int-or-string"), "oneOf",
                          either(a, "integer", "string"), NULL);
    case SCHEMA_QUANTITY:
        return val_map_of(a, "oneOf", either(a, "string", "number"), NULL);
    case SCHEMA_TIME:
    case SCHEMA_MICRO_TIME:
        return typed(a, "string", "date-time");
    case SCHEMA_DURATION:
        return typed(a, "string", NULL);
    case SCHEMA_BYTES:
        return typed(a, "string", "byte");
    case SCHEMA_ANY:
        break;
    }
    return typed(a, "object", NULL);
}

/* ---- one group and version ---- */

static const struct val *gvk_list(struct arena *a, const struct api_resource *r)
{
    const struct val *gvk = val_map_of(a, "group", val_string(a, r->gvk.group), "kind",
                                       val_string(a, r->gvk.kind), "version",
                                       val_string(a, r->gvk.version), NULL);

    return val_seq(a, &gvk, 1);
}

/* com.example.v1.Widget, as Kubernetes names the types of custom resources. */
static struct str custom_name(struct arena *a, const struct api_resource *r)
{
    struct str name = str_printf(a, "%.*s.%.*s", STR_ARG(r->gvk.version), STR_ARG(r->gvk.kind));
    struct str part;

    for (struct str rest = r->gvk.group; str_cut(&rest, '.', &part);)
        name = str_printf(a, "%.*s.%.*s", STR_ARG(part), STR_ARG(name));
    return name;
}

static const struct val *custom_node(struct arena *a, const struct api_resource *r,
                                     struct document *d)
{
    const struct val *node = r->crd->schema ? r->crd->schema : typed(a, "object", NULL);
    const struct val *properties = val_get(node, STR("properties"));
    const struct schema *meta = schema_type_named(
        STR("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"));
    const struct val *ref = reference(d, meta);

    properties = val_with(a, properties, STR("apiVersion"), typed(a, "string", NULL));
    properties = val_with(a, properties, STR("kind"), typed(a, "string", NULL));
    properties = val_with(a, properties, STR("metadata"),
                          val_map_of(a, "allOf", val_seq(a, &ref, 1), NULL));
    return val_with(a, node, STR("properties"), properties);
}

static struct str base_path(struct arena *a, const struct api_resource *r)
{
    if (!r->gvk.group.len)
        return str_printf(a, "/api/%.*s", STR_ARG(r->gvk.version));
    return str_printf(a, "/apis/%.*s/%.*s", STR_ARG(r->gvk.group), STR_ARG(r->gvk.version));
}

static const struct val *operation(struct arena *a, const struct api_resource *r,
                                   const char *action)
{
    const struct val *gvk = val_item(gvk_list(a, r), 0);

    return val_map_of(
        a, "responses",
        val_map_of(a, "200", val_map_of(a, "description", val_cstring(a, "OK"), NULL), NULL),
        "x-kubernetes-action", val_cstring(a, action), "x-kubernetes-group-version-kind", gvk,
        NULL);
}

/* kubectl looks here whether a kind takes fieldValidation and dryRun: parameters of its PATCH. */
static const struct val *patch_operation(struct arena *a, const struct api_resource *r)
{
    static const char *const names[] = { "dryRun", "fieldManager", "fieldValidation", "force" };
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        seq_builder_add(&b, val_map_of(a, "name", val_cstring(a, names[i]), "in",
                                       val_cstring(a, "query"), "schema", typed(a, "string", NULL),
                                       NULL));
    return val_with(a, operation(a, r, "patch"), STR("parameters"), seq_builder_done(&b, NULL));
}

static void resource_paths(struct arena *a, const struct api_resource *r, struct map_builder *paths)
{
    struct str base = base_path(a, r);
    struct str list = str_printf(a, "%.*s%s/%.*s", STR_ARG(base),
                                 r->namespaced ? "/namespaces/{namespace}" : "",
                                 STR_ARG(r->plural));

    map_builder_set(
        paths, list,
        val_map_of(a, "get", operation(a, r, "list"), "post", operation(a, r, "post"), NULL));
    map_builder_set(paths, str_concat(a, list, STR("/{name}")),
                    val_map_of(a, "get", operation(a, r, "get"), "put", operation(a, r, "put"),
                               "patch", patch_operation(a, r), "delete", operation(a, r, "delete"),
                               NULL));
}

static const struct val *info(struct arena *a)
{
    return val_map_of(a, "title", val_cstring(a, "Kubernetes"), "version",
                      val_cstring(a, "v1.35.4"), NULL);
}

static const struct val *schemas_of(struct document *d, const struct served_resources *s,
                                    struct str group, struct str version, size_t *ret_resources)
{
    struct arena *a = d->arena;
    struct map_builder schemas;
    struct map roots;

    *ret_resources = 0;
    map_builder_init(&schemas, a);
    map_init(&d->known, a);
    map_init(&roots, a);
    for (size_t i = 0; i < s->count; i++) {
        const struct api_resource *r = s->items[i];

        if (!str_eq(r->gvk.group, group) || !str_eq(r->gvk.version, version) ||
            (r->crd && !r->crd->served))
            continue;
        ++*ret_resources;
        if (r->crd) {
            map_builder_set(&schemas, custom_name(a, r),
                            val_with(a, custom_node(a, r, d),
                                     STR("x-kubernetes-group-version-kind"), gvk_list(a, r)));
            continue;
        }
        (void)reference(d, r->type);
        (void)map_set(&roots, r->type->name, (void *)(uintptr_t)r);
    }
    for (size_t i = 0; i < d->types.count; i++) {
        const struct schema *type = d->types.items[i];
        const struct val *node = schema_node(d, type);
        const struct api_resource *r = map_get(&roots, type->name);

        if (r)
            node = val_with(a, node, STR("x-kubernetes-group-version-kind"), gvk_list(a, r));
        map_builder_set(&schemas, type->name, node);
    }
    return val_sorted(a, map_builder_done(&schemas, NULL));
}

const struct val *openapi_document(struct arena *a, const struct served_resources *s,
                                   struct str group, struct str version)
{
    struct document d = { .arena = a };
    struct map_builder paths;
    const struct val *schemas;
    size_t count;

    schemas = schemas_of(&d, s, group, version, &count);
    if (!count)
        return NULL;
    map_builder_init(&paths, a);
    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->items[i]->gvk.group, group) && str_eq(s->items[i]->gvk.version, version) &&
            (!s->items[i]->crd || s->items[i]->crd->served))
            resource_paths(a, s->items[i], &paths);
    return val_map_of(a, "openapi", val_cstring(a, "3.0.0"), "info", info(a), "paths",
                      map_builder_done(&paths, NULL), "components",
                      val_map_of(a, "schemas", schemas, NULL), NULL);
}

/* ---- the index ---- */

/* Changes when what is served changes; built-in documents change with the program alone. */
static struct str hash_of(struct arena *a, const struct served_resources *s,
                          const struct api_resource *r)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15), mixed;

    for (size_t i = 0; i < s->count; i++)
        if (str_eq(s->items[i]->gvk.group, r->gvk.group) &&
            str_eq(s->items[i]->gvk.version, r->gvk.version)) {
            h = h * 31 + s->items[i]->plural.len;
            if (s->items[i]->crd && s->items[i]->crd->schema)
                h = h * 31 + val_hash(s->items[i]->crd->schema);
        }
    mixed = h * UINT64_C(0x2545f4914f6cdd1d);
    return str_printf(a, "%016llX%016llX", (unsigned long long)h, (unsigned long long)mixed);
}

const struct val *openapi_index(struct arena *a, const struct served_resources *s)
{
    struct map_builder paths;

    map_builder_init(&paths, a);
    for (size_t i = 0; i < s->count; i++) {
        const struct api_resource *r = s->items[i];
        struct str path = str_skip(base_path(a, r), 1);
        struct str url;

        if ((r->crd && !r->crd->served) || map_builder_get(&paths, path))
            continue;
        url = str_printf(a, "/openapi/v3/%.*s?hash=%.*s", STR_ARG(path), STR_ARG(hash_of(a, s, r)));
        map_builder_set(&paths, path, val_map_of(a, "serverRelativeURL", val_string(a, url), NULL));
    }
    return val_map_of(a, "paths", val_sorted(a, map_builder_done(&paths, NULL)), NULL);
}

const struct val *openapi_v2(struct arena *a, const struct served_resources *s)
{
    (void)s;
    return val_map_of(a, "swagger", val_cstring(a, "2.0"), "info", info(a), "paths", &val_empty_map,
                      "definitions", &val_empty_map, NULL);
}
