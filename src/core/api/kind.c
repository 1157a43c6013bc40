/* SPDX-License-Identifier: Apache-2.0 */
#include "core/api/kind.h"

#include <assert.h>

#include "value/json.h"

static const struct api_kind *const kinds[] = { &api_git_repository, &api_kustomization };

const struct api_kind *const *api_kinds(size_t *ret_count)
{
    *ret_count = sizeof kinds / sizeof kinds[0];
    return kinds;
}

const struct api_kind *api_kind_find(struct str group, struct str kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_eq(kinds[i]->gvk.group, group) && str_eq(kinds[i]->gvk.kind, kind))
            return kinds[i];
    return NULL;
}

static const struct val *schema_of(struct arena *a, const struct api_field *f);

static void add_children(struct arena *a, const struct api_field *f, struct map_builder *b)
{
    struct map_builder properties;
    struct seq_builder required;

    if (f->type == API_ARRAY && f->field_count > 0) {
        map_builder_set(b, STR("items"), schema_of(a, &f->fields[0]));
    } else if (f->type == API_MAP) {
        map_builder_set(b, STR("additionalProperties"), schema_of(a, &f->fields[0]));
    } else if (f->field_count > 0) {
        map_builder_init(&properties, a);
        seq_builder_init(&required, a);
        for (size_t i = 0; i < f->field_count; i++) {
            map_builder_set(&properties, f->fields[i].name, schema_of(a, &f->fields[i]));
            if (f->fields[i].required)
                seq_builder_add(&required, val_string(a, f->fields[i].name));
        }
        map_builder_set(b, STR("properties"), map_builder_done(&properties, NULL));
        if (required.count > 0)
            map_builder_set(b, STR("required"), seq_builder_done(&required, NULL));
    }
}

static const struct val *schema_of(struct arena *a, const struct api_field *f)
{
    static const char *const names[] = {
        [API_OBJECT] = "object",   [API_MAP] = "object",      [API_ARRAY] = "array",
        [API_STRING] = "string",   [API_INTEGER] = "integer", [API_NUMBER] = "number",
        [API_BOOLEAN] = "boolean",
    };
    const struct val *rules;
    struct map_builder b;

    map_builder_init(&b, a);
    if (f->description.len > 0)
        map_builder_set(&b, STR("description"), val_string(a, f->description));
    if (f->type != API_ANY)
        map_builder_set(&b, STR("type"), val_cstring(a, names[f->type]));
    if (f->rules.len > 0) {
        struct err *e = json_read(a, f->rules, STR("rules"), JSON_READ_BORROW, &rules);

        assert(!e); /* a table of ours */
        for (uint32_t i = 0; i < rules->count; i++)
            map_builder_set(&b, rules->fields[i].key, rules->fields[i].value);
    }
    add_children(a, f, &b);
    return map_builder_done(&b, NULL);
}

static const struct val *words(struct arena *a, struct str list)
{
    struct seq_builder b;
    struct str word;

    seq_builder_init(&b, a);
    if (list.len > 0)
        while (str_cut(&list, ',', &word))
            seq_builder_add(&b, val_string(a, word));
    return seq_builder_done(&b, NULL);
}

static const struct val *columns_of(struct arena *a, const struct api_kind *k)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < k->column_count; i++) {
        const struct api_column *c = &k->columns[i];

        seq_builder_add(&b,
                        val_map_of(a, "jsonPath", val_string(a, c->json_path), "name",
                                   val_string(a, c->name), "type", val_string(a, c->type),
                                   "priority", c->priority ? val_int(a, c->priority) : NULL, NULL));
    }
    return seq_builder_done(&b, NULL);
}

static const struct val *names_of(struct arena *a, const struct api_kind *k)
{
    return val_map_of(a, "categories", k->categories.len ? words(a, k->categories) : NULL, "kind",
                      val_string(a, k->gvk.kind), "listKind", val_string(a, k->list_kind), "plural",
                      val_string(a, k->plural), "shortNames",
                      k->short_names.len ? words(a, k->short_names) : NULL, "singular",
                      val_string(a, k->singular), NULL);
}

const struct val *api_kind_crd(struct arena *a, const struct api_kind *k)
{
    const struct val *version = val_map_of(
        a, "name", val_string(a, k->gvk.version), "additionalPrinterColumns", columns_of(a, k),
        "schema", val_map_of(a, "openAPIV3Schema", schema_of(a, k->schema), NULL), "served",
        &val_true, "storage", &val_true, "subresources",
        val_map_of(a, "status", &val_empty_map, NULL), NULL);
    const struct val *annotations = val_map_of(a, "kustomize.toolkit.fluxcd.io/substitute",
                                               val_cstring(a, "disabled"), NULL);
    const struct val *metadata = val_map_of(
        a, "annotations", annotations, "name",
        val_string(a, str_printf(a, "%.*s.%.*s", STR_ARG(k->plural), STR_ARG(k->gvk.group))), NULL);
    const struct val *spec = val_map_of(a, "group", val_string(a, k->gvk.group), "names",
                                        names_of(a, k), "scope", val_cstring(a, "Namespaced"),
                                        "versions", val_seq(a, &version, 1), NULL);

    return val_map_of(a, "apiVersion", val_cstring(a, "apiextensions.k8s.io/v1"), "kind",
                      val_cstring(a, "CustomResourceDefinition"), "metadata", metadata, "spec",
                      spec, NULL);
}
