/* SPDX-License-Identifier: Apache-2.0 */
/* A CRD's structural schema as the same struct that built-in types have. */
#include "base/limits.h"
#include "core/kube/schema.h"
#include "value/val.h"

#define OBJECT_META STR("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")

struct build {
    struct arena *arena;
    unsigned depth;
    bool
        preserve; /* an object above keeps unknown fields; for server-side apply that holds below, too */
};

static const struct schema *build(struct build b, const struct val *node);

static const struct schema string_type = { .kind = SCHEMA_STRING };

static void fields_sort(struct schema_field *fields, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j && str_cmp(fields[j].name, fields[j - 1].name) < 0; j--) {
            struct schema_field swap = fields[j];

            fields[j] = fields[j - 1];
            fields[j - 1] = swap;
        }
}

static void field_put(struct schema_field *fields, size_t *count, struct str name,
                      const struct schema *type)
{
    size_t at = 0;

    while (at < *count && !str_eq(fields[at].name, name))
        at++;
    fields[at] = (struct schema_field){ .name = name, .type = type };
    *count += at == *count;
}

static bool required_has(const struct val *required, struct str name)
{
    for (size_t i = 0; i < val_count(required); i++)
        if (str_eq(val_str(required->items[i]), name))
            return true;
    return false;
}

static void build_object(struct build b, const struct val *node, struct schema *out)
{
    const struct val *properties = val_get(node, STR("properties"));
    const struct val *additional = val_get(node, STR("additionalProperties"));
    size_t count = 0;
    struct schema_field *fields;

    out->kind = SCHEMA_STRUCT;
    out->preserve_unknown = b.preserve || val_is(additional, VAL_BOOL) || !val_count(properties);
    if (val_is(additional, VAL_MAP)) {
        out->kind = SCHEMA_DICT;
        out->elem = build(b, additional);
        return;
    }
    fields = ARENA_ARRAY(b.arena, val_count(properties) + 3, struct schema_field);
    for (size_t i = 0; i < val_count(properties); i++)
        fields[count++] = (struct schema_field){
            .name = properties->fields[i].key,
            .type = build(b, properties->fields[i].value),
            .required = required_has(val_get(node, STR("required")), properties->fields[i].key),
        };
    if (out->embedded) {
        field_put(fields, &count, STR("apiVersion"), &string_type);
        field_put(fields, &count, STR("kind"), &string_type);
        field_put(fields, &count, STR("metadata"), schema_type_named(OBJECT_META));
    }
    fields_sort(fields, count);
    out->fields = fields;
    out->field_count = (uint16_t)count;
}

static void build_array(struct build b, const struct val *node, struct schema *out)
{
    const struct val *items = val_get(node, STR("items"));
    const struct val *keys = val_get(node, STR("x-kubernetes-list-map-keys"));
    struct str type = val_get_str(node, "x-kubernetes-list-type");
    struct str *names = ARENA_ARRAY(b.arena, val_count(keys), struct str);

    out->kind = SCHEMA_LIST;
    out->elem = build(b, items ? items : &val_empty_map);
    out->list_type = str_is(type, "set")   ? SCHEMA_LIST_SET
                     : str_is(type, "map") ? SCHEMA_LIST_MAP
                                           : SCHEMA_LIST_ATOMIC;
    for (size_t i = 0; i < val_count(keys); i++)
        names[i] = val_str(keys->items[i]);
    out->keys = names;
    out->key_count = (uint16_t)val_count(keys);
}

static enum schema_kind scalar_kind(struct str type, struct str format)
{
    if (str_is(type, "integer"))
        return SCHEMA_INT;
    if (str_is(type, "number"))
        return SCHEMA_NUMBER;
    if (str_is(type, "boolean"))
        return SCHEMA_BOOL;
    if (!str_is(type, "string"))
        return SCHEMA_ANY;
    /* A string with a format is any scalar to server-side apply, which SCHEMA_TIME is. */
    return !format.len || str_is(format, "byte") ? SCHEMA_STRING : SCHEMA_TIME;
}

static const struct schema *build(struct build b, const struct val *node)
{
    struct schema *out = ARENA_NEW(b.arena, struct schema);
    struct str type = val_get_str(node, "type");

    b.depth++;
    if (b.depth > LIMIT_TREE_DEPTH)
        return out;
    b.preserve = b.preserve || val_at_bool(node, "x-kubernetes-preserve-unknown-fields", false);
    out->source = node;
    out->nullable = val_at_bool(node, "nullable", false);
    out->embedded = val_at_bool(node, "x-kubernetes-embedded-resource", false);
    out->defaults = val_get(node, STR("default"));
    out->atomic = str_is(val_get_str(node, "x-kubernetes-map-type"), "atomic");
    if (val_at_bool(node, "x-kubernetes-int-or-string", false))
        out->kind = SCHEMA_INT_OR_STRING;
    else if (str_is(type, "object"))
        build_object(b, node, out);
    else if (str_is(type, "array"))
        build_array(b, node, out);
    else
        out->kind = (uint8_t)scalar_kind(type, val_get_str(node, "format"));
    return out;
}

struct err *schema_from_crd(struct arena *a, const struct val *openapi_v3_schema,
                            const struct schema **ret)
{
    struct build b = { .arena = a };
    const struct val *node = openapi_v3_schema ? openapi_v3_schema : &val_empty_map;
    struct schema *root = ARENA_NEW(a, struct schema);
    const struct schema *inner = build(b, node);
    struct schema_field *fields;
    size_t count = inner->kind == SCHEMA_STRUCT ? inner->field_count : 0;

    *root = *inner;
    fields = ARENA_ARRAY(a, count + 3, struct schema_field);
    if (count)
        memcpy(fields, inner->fields, count * sizeof fields[0]);
    field_put(fields, &count, STR("apiVersion"), &string_type);
    field_put(fields, &count, STR("kind"), &string_type);
    field_put(fields, &count, STR("metadata"), schema_type_named(OBJECT_META));
    fields_sort(fields, count);
    root->kind = SCHEMA_STRUCT;
    root->preserve_unknown = inner->preserve_unknown || inner->kind != SCHEMA_STRUCT;
    root->source = node;
    root->fields = fields;
    root->field_count = (uint16_t)count;
    *ret = root;
    return NULL;
}
