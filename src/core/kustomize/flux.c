/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/flux.h"

#include "base/limits.h"
#include "core/kustomize/spec.h"
#include "value/json.h"
#include "value/yaml.h"

struct scan {
    struct kust_build *build;
    const struct flux_build *flux;
    const struct tree *tree;
    struct str root;
    struct seq_builder *resources;
    size_t depth;
};

static struct err *scan_file(const struct scan *s, struct str path, struct str relative)
{
    struct arena *a = s->build->arena;
    struct kust_resources objects = VEC_INIT;
    struct str text;
    struct err *e;
    if (!str_has_suffix(path, STR(".yaml")) && !str_has_suffix(path, STR(".yml")))
        return NULL;
    if (s->flux->is_ignored && s->flux->is_ignored(s->flux->ignore_self, relative))
        return NULL;
    if (++s->build->files > LIMIT_KUSTOMIZE_FILES)
        return err_new(a, ERR_TOO_LARGE, "more than %u manifests", LIMIT_KUSTOMIZE_FILES);
    struct kust_dir dir = { .tree = s->tree };
    struct str name = kust_show(s->build, &dir, path);
    if (TRY(&e, tree_read(s->tree, a, path, LIMIT_MANIFEST_BYTES, &text)) ||
        TRY(&e, kust_objects_read(s->build, text, name, &objects)))
        return err_wrap(a, e, "failed to decode Kubernetes YAML from %.*s", STR_ARG(name));
    seq_builder_add(s->resources, val_string(a, str_concat(a, STR("./"), relative)));
    return NULL;
}

/* In order of names, folders among files; one with a kustomization of its own is taken as a whole. */
static struct err *scan_dir(struct scan *s, struct str path, struct str relative)
{
    struct arena *a = s->build->arena;
    struct tree_list list;
    struct err *e;
    if (s->depth >= LIMIT_PATH_DEPTH)
        return err_new(a, ERR_TOO_LARGE, "%.*s: folders are nested too deep", STR_ARG(path));
    if (TRY(&e, tree_list(s->tree, a, path, &list)))
        return e;
    s->depth++;
    for (size_t i = 0; i < list.count; i++) {
        const struct tree_entry *entry = &list.items[i];
        struct str below, own, name;
        (void)tree_path_join(a, path, entry->name, &below);
        (void)tree_path_join(a, relative, entry->name, &own);
        if (entry->kind == TREE_DIR) {
            if (TRY(&e, kust_spec_find(a, s->tree, below, &name)) && e->code != ERR_INVALID)
                return e;
            if (e || name.len > 0)
                seq_builder_add(s->resources, val_string(a, str_concat(a, STR("./"), own)));
            else if (TRY(&e, scan_dir(s, below, own)))
                return e;
        } else if (TRY(&e, scan_file(s, below, own))) {
            return e;
        }
    }
    s->depth--;
    return NULL;
}

static struct err *generate(struct kust_build *b, const struct flux_build *flux,
                            const struct tree *tree, struct str path, const struct val **ret)
{
    struct seq_builder resources;
    seq_builder_init(&resources, b->arena);
    struct scan s = { b, flux, tree, path, &resources, 0 };
    struct err *e;
    if (TRY(&e, scan_dir(&s, path, STR(""))))
        return err_wrap(b->arena, e, "failed to generate kustomization.yaml");
    const struct val *list = seq_builder_done(&resources, NULL);
    *ret = list->count > 0 ? val_map_of(b->arena, "resources", list, (char *)NULL)
                           : val_map_of(b->arena, "namespace",
                                        val_cstring(b->arena, "_placeholder"), (char *)NULL);
    return NULL;
}

/* Flux reads the file leniently and writes it again, so fields that kustomize does not know are lost. */
static const struct val *known_fields(struct arena *a, const struct val *v,
                                      const struct spec_field *fields)
{
    struct map_builder b;
    map_builder_init(&b, a);
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        struct val_field own = v->fields[i];
        const struct spec_field *f = fields;
        while (f->name.len > 0 && !str_eq_nocase(f->name, own.key))
            f++;
        if (f->name.len == 0)
            continue;
        if (f->type == SPEC_OBJECT && own.value->kind == VAL_MAP)
            own.value = known_fields(a, own.value, f->fields);
        for (size_t j = 0; f->type == SPEC_OBJECTS && j < val_count(own.value); j++)
            if (own.value->kind == VAL_SEQ && own.value->items[j]->kind == VAL_MAP)
                own.value = val_seq_replace(a, own.value, j,
                                            known_fields(a, own.value->items[j], f->fields));
        map_builder_set_field(&b, &own);
    }
    return map_builder_done(&b, v);
}

/* Without the entries of `field` that are ignored. */
static const struct val *without_ignored(struct arena *a, const struct flux_build *flux,
                                         const struct val *v, struct str field)
{
    const struct val *list = val_get(v, field);
    struct seq_builder kept;
    seq_builder_init(&kept, a);
    for (size_t i = 0; i < val_count(list); i++) {
        struct str path = val_str(list->items[i]);
        if (str_contains(path, STR("://")) || !flux->is_ignored(flux->ignore_self, path))
            seq_builder_add(&kept, list->items[i]);
    }
    return val_is(list, VAL_SEQ) && kept.count < list->count
               ? val_with(a, v, field, seq_builder_done(&kept, list))
               : v;
}

static struct err *load(struct kust_build *b, const struct tree *tree, struct str path,
                        struct str file, const struct val **ret)
{
    struct arena *a = b->arena;
    struct str text, full;
    struct yaml_docs docs;
    struct err *e;
    struct kust_dir dir = { .tree = tree };
    (void)tree_path_join(a, path, file, &full);
    struct str name = kust_show(b, &dir, full);
    if (TRY(&e, tree_read(tree, a, full, LIMIT_MANIFEST_BYTES, &text)) ||
        TRY(&e, yaml_read_all(a, text, name, YAML_SIGS_LOOSE, &docs)))
        return e;
    const struct val *v = docs.count > 0 ? docs.items[0] : &val_empty_map;
    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "%.*s:%u:%u: a kustomization must be an object, not a %s",
                       STR_ARG(name), v->line, v->column, val_kind_name(v));
    v = known_fields(a, v, kust_spec_fields);
    if (val_count(val_get(v, STR("resources"))) == 0) {
        /* Without anything said the peer would call the file empty. */
        const struct val *word = val_cstring(a, "originAnnotations");
        v = val_with(a, v, STR("buildMetadata"), val_seq(a, &word, 1));
    }
    *ret = v;
    return NULL;
}

static const struct val *append(struct arena *a, const struct val *map, struct str key,
                                const struct val *item)
{
    const struct val *list = val_get(map, key);
    if (!val_is(list, VAL_SEQ))
        list = &val_empty_seq;
    return val_with(a, map, key, val_seq_append(a, list, item));
}

/* Name by name; a tag and a digest are one thing, setting one clears the other. */
static const struct val *merge_image(struct arena *a, const struct val *old,
                                     const struct val *image)
{
    struct str tag = val_get_str(image, "newTag"), digest = val_get_str(image, "digest");
    const struct val *out = old;
    if (val_get_str(image, "newName").len > 0)
        out = val_with(a, out, STR("newName"), val_get(image, STR("newName")));
    if (tag.len + digest.len == 0)
        return out;
    out = val_without(a, val_without(a, out, STR("newTag")), STR("digest"));
    if (tag.len > 0)
        out = val_with(a, out, STR("newTag"), val_get(image, STR("newTag")));
    if (digest.len > 0)
        out = val_with(a, out, STR("digest"), val_get(image, STR("digest")));
    return out;
}

static const struct val *merge_images(struct arena *a, const struct val *kustomization,
                                      const struct val *images)
{
    for (size_t i = 0; i < val_count(images); i++) {
        const struct val *image = images->items[i];
        const struct val *list = val_get(kustomization, STR("images"));
        size_t at = 0;
        while (at < val_count(list) &&
               !str_eq(val_get_str(list->items[at], "name"), val_get_str(image, "name")))
            at++;
        if (at < val_count(list)) {
            image = merge_image(a, list->items[at], image);
            list = val_seq_replace(a, list, at, image);
            kustomization = val_with(a, kustomization, STR("images"), list);
        } else {
            kustomization = append(a, kustomization, STR("images"), image);
        }
    }
    return kustomization;
}

/* What Go's url.Parse takes for a plain path: no scheme, no host, no colon in the first part. */
static bool is_local(struct arena *a, struct str path)
{
    struct kustomize_remote remote;
    struct str first = str_slice(path, 0, str_find_byte(path, '/', 0));
    return !kustomize_remote_parse(a, path, &remote) && str_find_byte(first, ':', 0) == SIZE_MAX &&
           !str_has_prefix(path, STR("/"));
}

static struct err *merge_components(struct kust_build *b, const struct flux_build *flux,
                                    const struct tree *tree, struct str path,
                                    const struct val **kustomization)
{
    const struct val *list = val_get(flux->spec, STR("components"));
    bool ignore_missing = val_at_bool(flux->spec, "ignoreMissingComponents", false);
    for (size_t i = 0; i < val_count(list); i++) {
        struct str component = val_str(list->items[i]), full;
        enum tree_kind kind = TREE_DIR;
        struct err *e;
        if (!is_local(b->arena, component))
            return err_new(b->arena, ERR_INVALID,
                           "component path \"%.*s\" must be local and relative",
                           STR_ARG(component));
        if (ignore_missing && tree_path_join(b->arena, path, component, &full) &&
            TRY(&e, tree_stat(tree, b->arena, full, &kind)))
            return e;
        if (kind != TREE_ABSENT)
            *kustomization = append(b->arena, *kustomization, STR("components"), list->items[i]);
    }
    return NULL;
}

/* patch and target only: options are not Flux'. */
static const struct val *merge_patches(struct arena *a, const struct val *kustomization,
                                       const struct val *patches)
{
    for (size_t i = 0; i < val_count(patches); i++) {
        const struct val *p = patches->items[i];
        const struct val *copy = val_with(a, NULL, STR("patch"),
                                          val_get(p, STR("patch")) ? val_get(p, STR("patch"))
                                                                   : &val_empty_string);
        if (val_get(p, STR("target")))
            copy = val_with(a, copy, STR("target"), val_get(p, STR("target")));
        kustomization = append(a, kustomization, STR("patches"), copy);
    }
    return kustomization;
}

/* Fields of the older API, whose patches are objects and not texts. */
static const struct val *merge_legacy_patches(struct arena *a, const struct val *kustomization,
                                              const struct val *spec)
{
    const struct val *strategic = val_get(spec, STR("patchesStrategicMerge"));
    const struct val *json = val_get(spec, STR("patchesJson6902"));
    for (size_t i = 0; i < val_count(strategic); i++)
        kustomization = append(a, kustomization, STR("patchesStrategicMerge"),
                               val_string(a, json_string(a, strategic->items[i], JSON_COMPACT)));
    for (size_t i = 0; i < val_count(json); i++) {
        const struct val *p = json->items[i], *operations = val_get(p, STR("patch"));
        struct str text = operations ? json_string(a, operations, JSON_COMPACT) : STR("");
        p = val_with(a, p, STR("patch"), val_string(a, text));
        kustomization = append(a, kustomization, STR("patchesJson6902"), p);
    }
    return kustomization;
}

static struct err *merge_spec(struct kust_build *b, const struct flux_build *flux,
                              const struct tree *tree, struct str path, const struct val **k)
{
    static const struct {
        struct str from, to;
    } fields[] = {
        { STR_INIT("targetNamespace"), STR_INIT("namespace") },
        { STR_INIT("namePrefix"), STR_INIT("namePrefix") },
        { STR_INIT("nameSuffix"), STR_INIT("nameSuffix") },
    };
    struct arena *a = b->arena;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const struct val *v = val_get(flux->spec, fields[i].from);
        if (val_is(v, VAL_STRING))
            *k = val_with(a, *k, fields[i].to, v);
    }
    *k = merge_patches(a, *k, val_get(flux->spec, STR("patches")));
    *k = merge_legacy_patches(a, *k, flux->spec);
    const struct val *metadata = val_get(flux->spec, STR("buildMetadata"));
    if (val_count(metadata) > 0)
        *k = val_with(a, *k, STR("buildMetadata"), metadata);
    *k = merge_images(a, *k, val_get(flux->spec, STR("images")));
    return merge_components(b, flux, tree, path, k);
}

struct err *flux_kustomization(struct arena *a, const struct flux_build *build,
                               const struct tree *tree, struct str path, const struct val **ret,
                               struct str *ret_name)
{
    struct kustomize_options options = { .label = build->label };
    struct kust_build b = {
        .arena = a, .options = &options, .schema = merge_schema_builtin(), .start = path
    };
    static const struct str lists[] = { STR_INIT("resources"), STR_INIT("components"),
                                        STR_INIT("crds") };
    struct err *e;
    if (TRY(&e, kust_spec_find(a, tree, path, ret_name)))
        return e;
    if (ret_name->len > 0) {
        e = load(&b, tree, path, *ret_name, ret);
        for (size_t i = 0; !e && build->is_ignored && i < sizeof lists / sizeof lists[0]; i++)
            *ret = without_ignored(a, build, *ret, lists[i]);
    } else
        e = generate(&b, build, tree, path, ret);
    if (ret_name->len == 0)
        *ret_name = kustomize_file_names[0];
    return e ? e : merge_spec(&b, build, tree, path, ret);
}

/* The object's own texts, null being "": none at all when one of them is a number or the like. */
static void add_own(struct map_builder *b, const struct val *own)
{
    for (size_t i = 0; val_is(own, VAL_MAP) && i < own->count; i++)
        if (own->fields[i].value->kind != VAL_STRING && own->fields[i].value->kind != VAL_NULL)
            return;
    for (size_t i = 0; val_is(own, VAL_MAP) && i < own->count; i++)
        map_builder_set(b, own->fields[i].key,
                        own->fields[i].value->kind == VAL_NULL ? &val_empty_string
                                                               : own->fields[i].value);
}

static const struct val *common_text(struct arena *a, const struct val *v)
{
    if (v->kind == VAL_STRING)
        return v;
    return v->kind == VAL_NULL ? &val_empty_string : val_string(a, json_string(a, v, JSON_COMPACT));
}

const struct val *flux_common_metadata(struct arena *a, const struct val *object,
                                       const struct val *common_metadata)
{
    static const char *const fields[] = { "labels", "annotations" };
    for (size_t i = 0; val_is(common_metadata, VAL_MAP) && i < 2; i++) {
        struct str key = str_from_cstr(fields[i]);
        const struct val *common = val_get(common_metadata, key);
        const struct val *metadata = val_get(object, STR("metadata"));
        struct map_builder b;
        map_builder_init(&b, a);
        add_own(&b, val_get(metadata, key));
        for (size_t j = 0; val_is(common, VAL_MAP) && j < common->count; j++)
            map_builder_set(&b, common->fields[j].key, common_text(a, common->fields[j].value));
        if (b.count == 0)
            continue;
        const struct val *map = map_builder_done(&b, val_get(metadata, key));
        object = val_with(a, object, STR("metadata"), val_with(a, metadata, key, map));
    }
    return object;
}

/*
 * Flux reads the objects again: what has no text as apiVersion, kind or name is none, nor is a kustomization that was
 * listed as a resource.
 */
static bool is_object(const struct val *object)
{
    struct str api_version = val_get_str(object, "apiVersion");
    return api_version.len > 0 && val_get_str(object, "kind").len > 0 &&
           val_at_str(object, "metadata.name").len > 0 &&
           !(str_eq_nocase(val_get_str(object, "kind"), STR("kustomization")) &&
             str_has_prefix(api_version, STR("kustomize.config.k8s.io/")));
}

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

/* Flux' objects hold integers of 64 bits; a larger one is rounded. */
static const struct val *with_rounded(struct arena *a, const struct val *v)
{
    if (v->kind == VAL_FLOAT && is_digits(str_trim_prefix(v->text, STR("-"))))
        return val_float(a, v->real);
    if (v->kind == VAL_SEQ) {
        struct seq_editor list = { .arena = a, .seq = v };
        for (size_t i = 0; i < v->count; i++) {
            const struct val *now = with_rounded(a, v->items[i]);
            if (now != v->items[i])
                seq_editor_set(&list, i, now);
        }
        return seq_editor_done(&list);
    }
    struct map_editor map = { .arena = a, .map = v };
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        const struct val *now = with_rounded(a, v->fields[i].value);
        if (now != v->fields[i].value)
            map_editor_set(&map, v->fields[i].key, now);
    }
    return v->kind == VAL_MAP ? map_editor_done(&map) : v;
}

static struct err *keep_objects(struct arena *a, struct kustomize_result *result)
{
    size_t kept = 0;
    for (size_t i = 0; i < result->count; i++) {
        const struct val *object = result->items[i].object;
        const struct val *labels = val_at(object, "metadata.labels");
        if (labels && labels->kind != VAL_MAP && labels->kind != VAL_NULL)
            return err_new(a, ERR_INVALID, "%s:%u:%u: metadata.labels must be an object, not a %s",
                           labels->file ? labels->file : "", labels->line, labels->column,
                           val_kind_name(labels));
        if (!is_object(object))
            continue;
        result->items[kept] = result->items[i];
        result->items[kept++].object = with_rounded(a, object);
    }
    result->count = kept;
    return NULL;
}

struct err *flux_build(struct arena *a, const struct flux_build *build, const struct tree *tree,
                       struct str path, struct kustomize_result *ret)
{
    struct kustomize_options options = {
        .for_flux = true,
        .load_anywhere = true,
        .machine_root = build->machine_root,
        .label = build->label,
        .fetch = build->fetch,
    };
    struct err *e;
    if (TRY(&e, flux_kustomization(a, build, tree, path, &options.kustomization,
                                   &options.kustomization_name)) ||
        TRY(&e, kustomize_build(a, &options, tree, path, ret)))
        return e;
    return keep_objects(a, ret);
}
