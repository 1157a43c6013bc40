/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/schema.h"

#include "core/kube/tables/schema_table.h"

const struct schema_field *schema_field(const struct schema *type, struct str name)
{
    size_t low = 0;
    size_t high = type && type->kind == SCHEMA_STRUCT ? type->field_count : 0;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(name, type->fields[mid].name);

        if (order == 0)
            return &type->fields[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

const struct schema *schema_child(const struct schema *type, struct str name)
{
    const struct schema_field *field = schema_field(type, name);

    if (field)
        return field->type;
    return type && type->kind == SCHEMA_DICT ? type->elem : NULL;
}

static int resource_cmp(const struct schema_resource *r, const struct gvk *gvk)
{
    int order = str_cmp(r->gvk.group, gvk->group);

    if (order == 0)
        order = str_cmp(r->gvk.version, gvk->version);
    return order ? order : str_cmp(r->gvk.kind, gvk->kind);
}

const struct schema_resource *schema_builtin(struct str group, struct str version, struct str kind)
{
    struct gvk gvk = { group, version, kind };
    size_t low = 0;
    size_t high = kube_schema_resource_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = resource_cmp(&kube_schema_resources[mid], &gvk);

        if (order == 0)
            return &kube_schema_resources[mid];
        if (order > 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

const struct schema_resource *schema_builtin_by_plural(struct str group, struct str version,
                                                       struct str plural)
{
    for (size_t i = 0; i < kube_schema_resource_count; i++) {
        const struct schema_resource *r = &kube_schema_resources[i];

        if (str_eq(r->plural, plural) && str_eq(r->gvk.group, group) &&
            str_eq(r->gvk.version, version))
            return r;
    }
    return NULL;
}

const struct schema_resource *schema_builtin_all(size_t *ret_count)
{
    *ret_count = kube_schema_resource_count;
    return kube_schema_resources;
}

const struct schema *schema_type_named(struct str name)
{
    size_t low = 0;
    size_t high = kube_schema_name_count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(name, kube_schema_names[mid].name);

        if (order == 0)
            return kube_schema_names[mid].type;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}
