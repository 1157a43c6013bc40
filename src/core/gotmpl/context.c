/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/context.h"

#include "core/gotmpl/function.h"
#include "value/val.h"

void context_set(struct go_value *map, const char *key, struct go_value value)
{
    go_map_set(map->map, str_from_cstr(key), value);
}

struct go_value context_values(struct arena *a, enum go_type type, const struct val *values)
{
    struct go_value map = go_map_new(a, type);

    if (val_is(values, VAL_MAP))
        map.map->source = values;
    return map;
}

struct go_value context_files(struct arena *a, const struct context_file *files, size_t count)
{
    struct go_value map = go_map_new(a, GO_FILES);

    for (size_t i = 0; i < count; i++)
        go_map_set(map.map, files[i].path, go_bytes(files[i].bytes));
    return map;
}

/* ---- Capabilities ---- */

/* KubeVersion's String is the version without a vendor's suffix. */
static struct str kube_version_text(struct arena *a, const struct go_object *o)
{
    (void)a;
    return o->fields[1].text.len > 0 ? o->fields[1].text : o->fields[0].text;
}

static struct err *run_string(struct call *c, struct go_value *ret)
{
    *ret = go_string(kube_version_text(c->arena, c->args[0].object));
    return NULL;
}

static struct err *run_git_version(struct call *c, struct go_value *ret)
{
    *ret = c->args[0].object->fields[0];
    return NULL;
}

static struct err *run_copy(struct call *c, struct go_value *ret)
{
    *ret = c->args[0];
    return NULL;
}

static const char *const kube_fields[] = { "Version", "normalizedVersion", "Major", "Minor", NULL };
static const struct function kube_methods[] = {
    { .name = "GitVersion", .params = "x", .result = 's', .run = run_git_version },
    { .name = "String", .params = "x", .result = 's', .run = run_string },
};
static const struct go_class kube_class = { .name = "common.KubeVersion",
                                            .fields = kube_fields,
                                            .json = kube_fields,
                                            .methods = kube_methods,
                                            .method_count = 2,
                                            .text = kube_version_text,
                                            .text_needs_pointer = true };

static const char *const helm_fields[] = { "Version",   "GitCommit",         "GitTreeState",
                                           "GoVersion", "KubeClientVersion", NULL };
static const char *const helm_json[] = { "version?",    "git_commit?",         "git_tree_state?",
                                         "go_version?", "kube_client_version", NULL };
static const struct go_class helm_class = { .name = "version.BuildInfo",
                                            .fields = helm_fields,
                                            .json = helm_json };

static const char *const capability_fields[] = { "KubeVersion", "APIVersions", "HelmVersion",
                                                 NULL };
static const struct function capability_methods[] = {
    { .name = "Copy", .params = "x", .result = 'x', .run = run_copy },
};
static const struct go_class capability_class = { .name = "*common.Capabilities",
                                                  .fields = capability_fields,
                                                  .methods = capability_methods,
                                                  .method_count = 1 };

struct go_value context_capabilities(struct arena *a, const struct kube_version_info *kube,
                                     const struct str *api_versions, size_t api_version_count,
                                     const struct helm_version_info *helm)
{
    struct go_value *fields = ARENA_ARRAY(a, 3, struct go_value);
    struct go_value *k = ARENA_ARRAY(a, 4, struct go_value),
                    *h = ARENA_ARRAY(a, 5, struct go_value);

    k[0] = go_string(kube->version);
    k[1] = go_string(kube->plain);
    k[2] = go_string(kube->major);
    k[3] = go_string(kube->minor);
    h[0] = go_string(helm->version);
    h[1] = go_string(helm->git_commit);
    h[2] = go_string(helm->git_tree_state);
    h[3] = go_string(helm->go_version);
    h[4] = go_string(helm->kube_client_version);
    fields[0] = go_object_new(a, GO_STRUCT, &kube_class, k, NULL);
    fields[1] = go_list_new(a, GO_VERSIONS, api_version_count);
    for (size_t i = 0; i < api_version_count; i++)
        fields[1].list->items[i] = go_string(api_versions[i]);
    fields[2] = go_object_new(a, GO_STRUCT, &helm_class, h, NULL);
    return go_object_new(a, GO_POINTER, &capability_class, fields, NULL);
}

/* ---- Chart ---- */

enum field_kind {
    FIELD_TEXT,
    FIELD_BOOL,
    FIELD_TEXTS,
    FIELD_TEXT_MAP,
    FIELD_TEXT_MAPS,
    FIELD_OBJECTS
};

/* A field of Chart.yaml: its name in Go and in YAML. */
struct chart_field {
    const char *go, *yaml;
    enum field_kind kind;
    const struct chart_field *of; /* OBJECTS: their fields */
};

static const struct chart_field maintainer_table[] = {
    { "Name", "name", FIELD_TEXT, NULL },
    { "Email", "email", FIELD_TEXT, NULL },
    { "URL", "url", FIELD_TEXT, NULL },
    { NULL, NULL, FIELD_TEXT, NULL },
};

static const struct chart_field dependency_table[] = {
    { "Name", "name", FIELD_TEXT, NULL },
    { "Version", "version", FIELD_TEXT, NULL },
    { "Repository", "repository", FIELD_TEXT, NULL },
    { "Condition", "condition", FIELD_TEXT, NULL },
    { "Tags", "tags", FIELD_TEXTS, NULL },
    { "Enabled", "enabled", FIELD_BOOL, NULL },
    { "ImportValues", "import-values", FIELD_TEXT_MAPS, NULL },
    { "Alias", "alias", FIELD_TEXT, NULL },
    { NULL, NULL, FIELD_TEXT, NULL },
};

static const struct chart_field metadata_table[] = {
    { "Name", "name", FIELD_TEXT, NULL },
    { "Home", "home", FIELD_TEXT, NULL },
    { "Sources", "sources", FIELD_TEXTS, NULL },
    { "Version", "version", FIELD_TEXT, NULL },
    { "Description", "description", FIELD_TEXT, NULL },
    { "Keywords", "keywords", FIELD_TEXTS, NULL },
    { "Maintainers", "maintainers", FIELD_OBJECTS, maintainer_table },
    { "Icon", "icon", FIELD_TEXT, NULL },
    { "APIVersion", "apiVersion", FIELD_TEXT, NULL },
    { "Condition", "condition", FIELD_TEXT, NULL },
    { "Tags", "tags", FIELD_TEXT, NULL },
    { "AppVersion", "appVersion", FIELD_TEXT, NULL },
    { "Deprecated", "deprecated", FIELD_BOOL, NULL },
    { "Annotations", "annotations", FIELD_TEXT_MAP, NULL },
    { "KubeVersion", "kubeVersion", FIELD_TEXT, NULL },
    { "Dependencies", "dependencies", FIELD_OBJECTS, dependency_table },
    { "Type", "type", FIELD_TEXT, NULL },
    { NULL, NULL, FIELD_TEXT, NULL },
};

static const char *const chart_names[] = {
    "Name",         "Home",        "Sources",    "Version",     "Description",
    "Keywords",     "Maintainers", "Icon",       "APIVersion",  "Condition",
    "Tags",         "AppVersion",  "Deprecated", "Annotations", "KubeVersion",
    "Dependencies", "Type",        "IsRoot",     NULL
};
static const char *const chart_json[] = { "name?",
                                          "home?",
                                          "sources?",
                                          "version?",
                                          "description?",
                                          "keywords?",
                                          "maintainers?",
                                          "icon?",
                                          "apiVersion?",
                                          "condition?",
                                          "tags?",
                                          "appVersion?",
                                          "deprecated?",
                                          "annotations?",
                                          "kubeVersion?",
                                          "dependencies?",
                                          "type?",
                                          "IsRoot",
                                          NULL };
static const struct go_class chart_class = { .name = "struct { chart.Metadata; IsRoot bool }",
                                             .fields = chart_names,
                                             .json = chart_json };

static struct go_value texts_of(struct arena *a, const struct val *v, enum go_type type)
{
    struct go_value list = go_list_over(a, type, NULL, 0);

    if (val_count(v) == 0 || v->kind != VAL_SEQ)
        return type == GO_LIST ? go_list_new(a, type, 0) : list;
    list = go_list_new(a, type, v->count);
    for (size_t i = 0; i < v->count; i++)
        list.list->items[i] = go_string(val_str(v->items[i]));
    return list;
}

/* A nil map where there is none. */
static struct go_value text_map_of(struct arena *a, const struct val *v)
{
    struct go_value map = go_map_new(a, GO_TEXTS);

    if (!val_is(v, VAL_MAP))
        map.map->arena = NULL;
    for (size_t i = 0; map.map->arena && i < v->count; i++)
        go_map_set(map.map, v->fields[i].key, go_string(val_str(v->fields[i].value)));
    return map;
}

static struct go_value text_maps_of(struct arena *a, const struct val *v)
{
    struct go_value list = go_list_new(a, GO_LIST, val_is(v, VAL_SEQ) ? v->count : 0);

    for (size_t i = 0; i < list.list->count; i++)
        list.list->items[i] = text_map_of(a, v->items[i]);
    return list;
}

static struct go_value field_value(struct arena *a, const struct chart_field *f,
                                   const struct val *v, enum go_type list_type);

static struct go_value objects_of(struct arena *a, const struct chart_field *table,
                                  const struct val *v, enum go_type list_type)
{
    struct go_value list = go_list_new(a, GO_LIST, val_is(v, VAL_SEQ) ? v->count : 0);

    for (size_t i = 0; i < list.list->count; i++) {
        struct go_value map = go_map_new(a, GO_MAP);

        for (const struct chart_field *f = table; f->go; f++)
            go_map_set(map.map, str_from_cstr(f->go),
                       field_value(a, f, val_get(v->items[i], str_from_cstr(f->yaml)), list_type));
        list.list->items[i] = map;
    }
    return list;
}

static struct go_value field_value(struct arena *a, const struct chart_field *f,
                                   const struct val *v, enum go_type list_type)
{
    switch (f->kind) {
    case FIELD_TEXT:
        return go_string(val_str(v));
    case FIELD_BOOL:
        return go_bool(val_is(v, VAL_BOOL) && v->boolean);
    case FIELD_TEXTS:
        return texts_of(a, v, list_type);
    case FIELD_TEXT_MAP:
        return text_map_of(a, v);
    case FIELD_TEXT_MAPS:
        return text_maps_of(a, v);
    case FIELD_OBJECTS:
        break;
    }
    return objects_of(a, f->of, v, list_type);
}

struct go_value context_chart_struct(struct arena *a, const struct val *metadata, bool is_root)
{
    size_t count = sizeof chart_names / sizeof *chart_names - 1;
    struct go_value *fields = ARENA_ARRAY(a, count, struct go_value);

    for (size_t i = 0; i + 1 < count; i++)
        fields[i] = field_value(a, &metadata_table[i],
                                val_get(metadata, str_from_cstr(metadata_table[i].yaml)),
                                GO_STRINGS);
    fields[count - 1] = go_bool(is_root);
    return go_object_new(a, GO_STRUCT, &chart_class, fields, NULL);
}

struct go_value context_chart_map(struct arena *a, const struct val *metadata, bool is_root)
{
    struct go_value map = go_map_new(a, GO_MAP);

    for (const struct chart_field *f = metadata_table; f->go; f++)
        context_set(&map, f->go,
                    field_value(a, f, val_get(metadata, str_from_cstr(f->yaml)), GO_LIST));
    context_set(&map, "IsRoot", go_bool(is_root));
    return map;
}
