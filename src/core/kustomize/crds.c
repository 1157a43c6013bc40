/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/crds.h"

#include "base/limits.h"
#include "value/yaml.h"

struct crd_walk {
    struct kust_build *build;
    const struct val *definitions; /* type name -> {Schema: {properties}} */
    struct kust_gvk kind;
    const struct kust_config **config;
    size_t depth;
};

static struct err *add(const struct crd_walk *w, struct kust_config *more)
{
    return kust_config_merge(w->build->arena, w->config, more);
}

static struct str below(struct arena *a, struct str path, struct str name)
{
    return path.len == 0 ? name : str_printf(a, "%.*s/%.*s", STR_ARG(path), STR_ARG(name));
}

static struct err *add_property(const struct crd_walk *w, const struct val *property,
                                struct str path)
{
    struct arena *a = w->build->arena;
    struct kust_config more = { 0 };
    struct kust_fieldspec *spec = ARENA_NEW(a, struct kust_fieldspec);
    *spec = (struct kust_fieldspec){ .gvk = w->kind, .path = path };
    if (val_get(property, STR("x-kubernetes-annotation")))
        more.common_annotations = (struct kust_fieldspecs){ spec, 1 };
    if (val_get(property, STR("x-kubernetes-label-selector")))
        more.common_labels = (struct kust_fieldspecs){ spec, 1 };
    if (val_get(property, STR("x-kubernetes-identity")))
        more.name_prefix = (struct kust_fieldspecs){ spec, 1 };
    const struct val *version = val_get(property, STR("x-kubernetes-object-ref-api-version"));
    const struct val *kind = val_get(property, STR("x-kubernetes-object-ref-kind"));
    if (version && kind) {
        struct str key = val_get_str(property, "x-kubernetes-object-ref-name-key");
        struct kust_fieldspec *name = ARENA_NEW(a, struct kust_fieldspec);
        struct kust_name_reference *ref = ARENA_NEW(a, struct kust_name_reference);
        *name = *spec;
        name->path = below(a, path, key.len > 0 ? key : STR("name"));
        ref->target = (struct kust_gvk){ STR(""), val_str(version), val_str(kind) };
        ref->fields = (struct kust_fieldspecs){ name, 1 };
        more.name_references = ref;
        more.name_reference_count = 1;
    }
    return add(w, &more);
}

static struct err *add_type(struct crd_walk *w, struct str type, struct str path)
{
    const struct val *definition = val_get(w->definitions, type);
    const struct val *properties = val_at(definition, "Schema.properties");
    if (w->depth >= LIMIT_KUSTOMIZE_DEPTH) /* a type that contains itself */
        return err_new(w->build->arena, ERR_TOO_LARGE, "type \"%.*s\" is nested too deep",
                       STR_ARG(type));
    w->depth++;
    for (size_t i = 0; i < val_count(properties); i++) {
        const struct val_field *f = &properties->fields[i];
        struct str own = below(w->build->arena, path, f->key);
        struct str ref = val_get_str(f->value, "$ref");
        struct err *e;
        if (TRY(&e, add_property(w, f->value, own)) ||
            (ref.len > 0 && TRY(&e, add_type(w, ref, own))))
            return e;
    }
    w->depth--;
    return NULL;
}

static bool is_object_type(const struct val *definition)
{
    const struct val *properties = val_at(definition, "Schema.properties");
    return val_get(properties, STR("kind")) && val_get(properties, STR("apiVersion")) &&
           val_get(properties, STR("metadata"));
}

static struct err *add_types(struct kust_build *b, const struct val *definitions,
                             const struct kust_config **config)
{
    struct err *e;
    for (size_t j = 0; val_is(definitions, VAL_MAP) && j < definitions->count; j++) {
        struct str type = definitions->fields[j].key;
        size_t dot = str_rfind_byte(type, '.');
        struct crd_walk w = { .build = b, .definitions = definitions, .config = config };
        w.kind.kind = dot == SIZE_MAX ? type : str_skip(type, dot + 1);
        w.kind.group = w.kind.version = STR("");
        if (is_object_type(definitions->fields[j].value) && TRY(&e, add_type(&w, type, STR(""))))
            return e;
    }
    return NULL;
}

struct err *kust_crds_read(struct kust_build *b, const struct kust_dir *dir,
                           const struct val *paths, const struct kust_config **config)
{
    for (size_t i = 0; i < val_count(paths); i++) {
        struct kust_file file;
        const struct val *v;
        struct err *e = kust_read(b, dir, val_str(paths->items[i]), &file);
        if (!e)
            e = yaml_read(b->arena, file.content, file.name, YAML_SIGS_LOOSE, &v);
        if (!e)
            e = add_types(b, v, config);
        if (TRY(&e, kust_report(b, dir, "crds", paths->items[i], e)))
            return e;
    }
    return NULL;
}
