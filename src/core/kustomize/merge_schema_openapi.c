/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"
#include "core/kustomize/merge_schema.h"

struct reader {
    struct arena *arena;
    const struct val *definitions;
    VEC(struct merge_type) types; /* one a definition, then those of objects described in place */
    size_t base_types;            /* types that were there before */
    size_t named;                 /* these and the definitions */
    unsigned depth;
};

struct kinds {
    struct merge_kind *items;
    size_t count;
};

static void read_type(struct reader *r, const struct val *definition, size_t index);

/* Type of the definition that "#/definitions/x" names, or of an object described here; else -1. */
static int16_t type_index(struct reader *r, const struct val *schema)
{
    if (val_get(schema, STR("properties")) && r->types.count < INT16_MAX &&
        r->depth < LIMIT_KUSTOMIZE_DEPTH) {
        size_t index = r->types.count;
        *VEC_PUSH(r->arena, &r->types) = (struct merge_type){ NULL, 0, STR_INIT("") };
        read_type(r, schema, index);
        return (int16_t)index;
    }
    struct str ref = val_get_str(schema, "$ref");
    size_t slash = str_rfind_byte(ref, '/');
    struct str name = slash == SIZE_MAX ? ref : str_skip(ref, slash + 1);
    for (size_t i = r->named; name.len > 0 && i > 0; i--)
        if (str_eq(r->types.items[i - 1].name, name))
            return (int16_t)(i - 1);
    return -1;
}

static bool is_merge(struct str strategies)
{
    for (struct str one, rest = strategies; str_cut(&rest, ',', &one);)
        if (str_is(one, "merge"))
            return true;
    return false;
}

static struct str merge_keys(struct arena *a, const struct val *property)
{
    const struct val *keys = val_get(property, STR("x-kubernetes-list-map-keys"));
    if (!val_is(keys, VAL_SEQ))
        return val_get_str(property, "x-kubernetes-patch-merge-key");
    struct str *parts = ARENA_ARRAY(a, keys->count, struct str);
    for (size_t i = 0; i < keys->count; i++)
        parts[i] = val_str(keys->items[i]);
    return str_join(a, parts, keys->count, STR(","));
}

static void read_type(struct reader *r, const struct val *definition, size_t index)
{
    const struct val *properties = val_get(definition, STR("properties"));
    struct merge_field *fields = ARENA_ARRAY(r->arena, val_count(properties), struct merge_field);
    r->depth++;
    for (size_t i = 0; i < val_count(properties); i++) {
        const struct val *p = properties->fields[i].value;
        bool list = str_is(val_get_str(p, "type"), "array");
        struct merge_field f = {
            .name = properties->fields[i].key,
            .keys = merge_keys(r->arena, p),
            .child = type_index(r, list ? val_get(p, STR("items")) : p),
            .list = list,
            .merge = list && is_merge(val_get_str(p, "x-kubernetes-patch-strategy")),
        };
        size_t at = i;
        for (; at > 0 && str_cmp(fields[at - 1].name, f.name) > 0; at--)
            fields[at] = fields[at - 1];
        fields[at] = f;
    }
    r->depth--;
    r->types.items[index] = (struct merge_type){ fields, val_count(properties),
                                                 r->types.items[index].name };
}

static int kind_cmp(const struct merge_kind *a, const struct merge_kind *b)
{
    int order = str_cmp(a->kind, b->kind);
    return order != 0 ? order : str_cmp(a->api_version, b->api_version);
}

static void add_kind(struct arena *a, struct kinds *list, const struct val *gvk, size_t type)
{
    struct str group = val_get_str(gvk, "group"), version = val_get_str(gvk, "version");
    struct merge_kind k = { val_get_str(gvk, "kind"), version, (uint16_t)type };
    if (group.len > 0)
        k.api_version = str_printf(a, "%.*s/%.*s", STR_ARG(group), STR_ARG(version));
    size_t at = list->count;
    while (at > 0 && kind_cmp(&list->items[at - 1], &k) > 0)
        at--;
    if (at > 0 && kind_cmp(&list->items[at - 1], &k) == 0) {
        list->items[at - 1] = k;
        return;
    }
    memmove(&list->items[at + 1], &list->items[at], (list->count - at) * sizeof k);
    list->items[at] = k;
    list->count++;
}

static struct kinds read_kinds(const struct reader *r, const struct merge_schema *base)
{
    size_t count = r->named - r->base_types, total = base ? base->kind_count : 0;
    struct kinds kinds = { NULL, total };
    for (size_t i = 0; i < count; i++)
        total += val_count(
            val_get(r->definitions->fields[i].value, STR("x-kubernetes-group-version-kind")));
    kinds.items = ARENA_ARRAY(r->arena, total + 1, struct merge_kind);
    if (base)
        memcpy(kinds.items, base->kinds, base->kind_count * sizeof *kinds.items);
    for (size_t i = 0; i < count; i++) {
        const struct val *list = val_get(r->definitions->fields[i].value,
                                         STR("x-kubernetes-group-version-kind"));
        for (size_t j = 0; j < val_count(list); j++)
            add_kind(r->arena, &kinds, list->items[j], r->base_types + i);
    }
    return kinds;
}

/* Built-in scopes hold; `paths` add kinds that only have paths without a namespace. */
static struct kinds read_scopes(const struct reader *r, const struct val *paths,
                                const struct merge_schema *builtin)
{
    size_t max = builtin->cluster_count + val_count(paths);
    struct kinds kinds = { ARENA_ARRAY(r->arena, max, struct merge_kind), builtin->cluster_count };
    struct map namespaced;
    map_init(&namespaced, r->arena);
    memcpy(kinds.items, builtin->cluster, builtin->cluster_count * sizeof *kinds.items);
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < val_count(paths); i++) {
            const struct val *gvk = val_get(val_get(paths->fields[i].value, STR("get")),
                                            STR("x-kubernetes-group-version-kind"));
            if (!gvk)
                continue;
            struct str key = str_printf(
                r->arena, "%.*s/%.*s/%.*s", STR_ARG(val_get_str(gvk, "group")),
                STR_ARG(val_get_str(gvk, "version")), STR_ARG(val_get_str(gvk, "kind")));
            bool in_namespace = str_contains(paths->fields[i].key, STR("namespaces/{namespace}"));
            if (pass == 0 && in_namespace)
                map_set(&namespaced, key, &namespaced);
            if (pass == 1 && !map_get(&namespaced, key)) {
                map_set(&namespaced, key, &namespaced); /* once */
                add_kind(r->arena, &kinds, gvk, 0);
            }
        }
    }
    return kinds;
}

struct err *merge_schema_from_openapi(struct arena *a, const struct val *document,
                                      const struct merge_schema *base, struct merge_schema *ret)
{
    struct merge_schema builtin = merge_schema_builtin();
    const struct val *definitions = val_get(document, STR("definitions"));
    struct reader r = { .arena = a, .definitions = definitions ? definitions : &val_empty_map };
    if (r.definitions->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "%s:%u:%u: definitions must be an object",
                       r.definitions->file ? r.definitions->file : "", r.definitions->line,
                       r.definitions->column);
    for (size_t i = 0; base && i < base->type_count; i++)
        *VEC_PUSH(a, &r.types) = base->types[i];
    r.base_types = r.types.count;
    for (size_t i = 0; i < r.definitions->count && r.types.count < INT16_MAX; i++)
        *VEC_PUSH(a, &r.types) = (struct merge_type){ NULL, 0, r.definitions->fields[i].key };
    r.named = r.types.count;
    for (size_t i = r.base_types; i < r.named; i++)
        read_type(&r, r.definitions->fields[i - r.base_types].value, i);
    struct kinds kinds = read_kinds(&r, base);
    struct kinds cluster = read_scopes(&r, val_get(document, STR("paths")), &builtin);
    *ret = (struct merge_schema){ r.types.items, r.types.count, kinds.items,
                                  kinds.count,   cluster.items, cluster.count };
    return NULL;
}
