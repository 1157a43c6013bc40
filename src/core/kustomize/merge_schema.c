/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/merge_schema.h"

struct merge_schema merge_schema_builtin(void)
{
    return (struct merge_schema){
        .types = merge_type_table,
        .type_count = merge_type_count,
        .kinds = merge_kind_table,
        .kind_count = merge_kind_count,
        .cluster = cluster_kind_table,
        .cluster_count = cluster_kind_count,
    };
}

static const struct merge_kind *find_kind(const struct merge_kind *kinds, size_t count,
                                          struct str api_version, struct str kind)
{
    for (size_t low = 0, high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(kind, kinds[middle].kind);
        if (order == 0)
            order = str_cmp(api_version, kinds[middle].api_version);
        if (order == 0)
            return &kinds[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct merge_type *merge_schema_type(const struct merge_schema *s, struct str api_version,
                                           struct str kind)
{
    const struct merge_kind *k = find_kind(s->kinds, s->kind_count, api_version, kind);
    return k ? &s->types[k->type] : NULL;
}

const struct merge_field *merge_type_field(const struct merge_type *type, struct str name)
{
    if (!type)
        return NULL;
    for (size_t low = 0, high = type->field_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(name, type->fields[middle].name);
        if (order == 0)
            return &type->fields[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct merge_type *merge_field_type(const struct merge_schema *s,
                                          const struct merge_field *field)
{
    return field && field->child >= 0 ? &s->types[field->child] : NULL;
}

bool merge_schema_is_cluster(const struct merge_schema *s, struct str api_version, struct str kind)
{
    return find_kind(s->cluster, s->cluster_count, api_version, kind) != NULL;
}

bool merge_schema_knows(const struct merge_schema *s, struct str api_version, struct str kind)
{
    return merge_schema_type(s, api_version, kind) || merge_schema_is_cluster(s, api_version, kind);
}
