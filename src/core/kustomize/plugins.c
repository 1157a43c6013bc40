/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "core/kustomize/accumulate.h"
#include "core/kustomize/generate.h"
#include "core/kustomize/origin.h"
#include "core/kustomize/spec.h"
#include "core/kustomize/transform.h"

/*
 * Builtin transformers and generators configured by objects of apiVersion "builtin" instead of by fields of the
 * kustomization. Their fields are not as strictly checked, as in the peer.
 */
struct plugin {
    struct kust_build *build;
    const struct kust_dir *dir;
    const struct kust_resource *config;
    const struct val *fields; /* of config, spelled as in the tables of spec.h */
    struct kust_accum *acc;
};

static struct err *refuse(const struct plugin *p, const char *why)
{
    return err_new(p->build->arena, ERR_UNSUPPORTED, "%s", why);
}

/* fieldSpecs of the configuration. */
static struct err *specs_of(const struct plugin *p, struct kust_fieldspecs *ret)
{
    *ret = (struct kust_fieldspecs){ NULL, 0 };
    const struct val *list = val_get(p->fields, STR("fieldSpecs"));
    return kust_fieldspecs_read(p->build->arena, list, ret);
}

static struct err *run_pairs(const struct plugin *p, const char *field)
{
    struct kust_fieldspecs specs;
    struct err *e;
    if (TRY(&e, specs_of(p, &specs)))
        return e;
    const struct val *pairs = val_get(p->fields, str_from_cstr(field));
    return kust_transform_pairs(p->build, &p->acc->map, pairs, specs);
}

static struct err *run_namespace(const struct plugin *p)
{
    const struct val *c = p->fields;
    struct str mode = val_get_str(c, "setRoleBindingSubjects");
    struct kust_namespace args = {
        .ns = val_at_str(c, "metadata.namespace"),
        .unset_only = val_at_bool(c, "unsetOnly", false),
        .subjects = str_is(mode, "allServiceAccounts") ? KUST_SUBJECTS_ALL
                    : str_is(mode, "none")             ? KUST_SUBJECTS_NONE
                                                       : KUST_SUBJECTS_DEFAULT,
    };
    struct err *e;
    bool known = mode.len == 0 || args.subjects != KUST_SUBJECTS_DEFAULT ||
                 str_is(mode, "defaultOnly");
    if (!known)
        return err_new(p->build->arena, ERR_INVALID,
                       "setRoleBindingSubjects must be defaultOnly, allServiceAccounts or none");
    if (TRY(&e, specs_of(p, &args.specs)))
        return e;
    return kust_transform_namespace(p->build, &p->acc->map, &args);
}

static struct err *run_affixes(const struct plugin *p, bool with_prefix, bool with_suffix)
{
    struct kust_fieldspecs specs = { NULL, 0 };
    struct kust_resmap *m = &p->acc->map;
    struct err *e;
    /* Of these alone the peer wants the exact spelling. */
    if (TRY(&e, kust_fieldspecs_read(p->build->arena, val_get(p->config->object, STR("fieldSpecs")),
                                     &specs)))
        return e;
    if (!specs.items)
        return err_new(p->build->arena, ERR_INVALID, "fieldSpecs is missing");
    struct str prefix = val_get_str(p->fields, "prefix");
    struct str suffix = val_get_str(p->fields, "suffix");
    if (with_prefix && TRY(&e, kust_transform_prefix(p->build, m, prefix, specs)))
        return e;
    return with_suffix ? kust_transform_suffix(p->build, m, suffix, specs) : NULL;
}

/* ImageTagTransformer and ReplicaCountTransformer have one argument object and field specs. */
static struct err *run_image(const struct plugin *p)
{
    struct kust_fieldspecs specs;
    struct err *e;
    if (TRY(&e, specs_of(p, &specs)))
        return e;
    return kust_transform_image(p->build, &p->acc->map, val_get(p->fields, STR("imageTag")), specs);
}

static struct err *run_replicas(const struct plugin *p)
{
    struct kust_fieldspecs specs;
    struct err *e;
    if (TRY(&e, specs_of(p, &specs)))
        return e;
    return kust_transform_replicas(p->build, &p->acc->map, val_get(p->fields, STR("replica")),
                                   specs);
}

static struct err *run_patch(const struct plugin *p, struct str kind)
{
    const struct val *c = p->fields;
    struct kust_resmap *m = &p->acc->map;
    if (str_is(kind, "PatchTransformer"))
        return kust_transform_patch(p->build, p->dir, m, c);
    if (str_is(kind, "PatchJson6902Transformer"))
        return kust_transform_patch_json(p->build, p->dir, m, c);
    return kust_transform_patches_strategic(p->build, p->dir, m, val_get(c, STR("paths")),
                                            val_get_str(c, "patches"));
}

static struct err *run_transformer(const struct plugin *p)
{
    struct str kind = p->config->id.kind;
    if (str_is(kind, "LabelTransformer"))
        return run_pairs(p, "labels");
    if (str_is(kind, "AnnotationsTransformer"))
        return run_pairs(p, "annotations");
    if (str_is(kind, "NamespaceTransformer"))
        return run_namespace(p);
    if (str_is(kind, "PrefixTransformer"))
        return run_affixes(p, true, false);
    if (str_is(kind, "SuffixTransformer"))
        return run_affixes(p, false, true);
    if (str_is(kind, "PrefixSuffixTransformer"))
        return run_affixes(p, true, true);
    if (str_is(kind, "ImageTagTransformer"))
        return run_image(p);
    if (str_is(kind, "ReplicaCountTransformer"))
        return run_replicas(p);
    if (str_is(kind, "HashTransformer"))
        return kust_transform_hash(p->build, &p->acc->map);
    if (str_is(kind, "PatchTransformer") || str_is(kind, "PatchJson6902Transformer") ||
        str_is(kind, "PatchStrategicMergeTransformer"))
        return run_patch(p, kind);
    if (str_is(kind, "ReplacementTransformer"))
        return kust_transform_replacements(p->build, p->dir, &p->acc->map,
                                           val_get(p->fields, STR("replacements")));
    if (str_is(kind, "ValueAddTransformer"))
        return kust_transform_value_add(p->build, p->dir, &p->acc->map, p->fields);
    return refuse(p, "this builtin transformer is not supported");
}

/* A ServiceAccount that Google's clouds tie to one of theirs. */
static struct err *run_iam_policy(const struct plugin *p)
{
    struct arena *a = p->build->arena;
    const struct val *c = p->fields;
    struct str cloud = val_get_str(c, "cloud"), ns = val_at_str(c, "kubernetesService.namespace");
    if (!str_is(cloud, "gke"))
        return err_new(a, ERR_INVALID, "cloud provider \"%.*s\" is not supported", STR_ARG(cloud));
    struct str account = str_printf(a, "%.*s@%.*s.iam.gserviceaccount.com",
                                    STR_ARG(val_at_str(c, "serviceAccount.name")),
                                    STR_ARG(val_at_str(c, "serviceAccount.projectId")));
    const struct val *annotations = val_map_of(a, "iam.gke.io/gcp-service-account",
                                               val_string(a, account), (char *)NULL);
    const struct val *metadata = val_map_of(
        a, "name", val_string(a, val_at_str(c, "kubernetesService.name")), "namespace",
        ns.len > 0 ? val_string(a, ns) : NULL, "annotations", annotations, (char *)NULL);
    struct kust_resource *r = kust_resource_new(
        p->build, val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind",
                             val_cstring(a, "ServiceAccount"), "metadata", metadata, (char *)NULL));
    r->has_origin = p->build->track_origins;
    r->origin = kust_origin_plugin(p->config);
    return kust_resmap_absorb(&p->acc->map, &p->build->schema, r);
}

/* The generator's fields stand beside kind and metadata; name and namespace may come from metadata. */
static struct err *run_generator(const struct plugin *p)
{
    struct arena *a = p->build->arena;
    const struct val *c = p->fields;
    bool secret = str_is(p->config->id.kind, "SecretGenerator");
    struct kust_resource *r;
    struct err *e;
    if (str_is(p->config->id.kind, "IAMPolicyGenerator"))
        return run_iam_policy(p);
    if (!secret && !str_is(p->config->id.kind, "ConfigMapGenerator"))
        return refuse(p, "this builtin generator is not supported");
    if (val_get_str(c, "name").len == 0)
        c = val_with(a, c, STR("name"), val_string(a, p->config->id.name));
    if (val_get_str(c, "namespace").len == 0)
        c = val_with(a, c, STR("namespace"), val_string(a, p->config->id.ns));
    if (TRY(&e,
            kust_generate(p->build, p->dir, secret ? KUST_SECRET : KUST_CONFIG_MAP, c, NULL, &r)))
        return e;
    r->has_origin = p->build->track_origins;
    r->origin = kust_origin_plugin(p->config);
    return kust_resmap_absorb(&p->acc->map, &p->build->schema, r);
}

/* Validators may look, not change; a builtin one that leaves everything equal is fine. */
static struct err *run_validator(const struct plugin *p)
{
    size_t count = p->acc->map.all.count;
    const struct val **before = ARENA_ARRAY(p->build->arena, count, const struct val *);
    size_t *names = ARENA_ARRAY(p->build->arena, count, size_t);
    struct err *e;
    for (size_t i = 0; i < count; i++) {
        before[i] = p->acc->map.all.items[i]->object;
        names[i] = p->acc->map.all.items[i]->past.count;
    }
    if (TRY(&e, run_transformer(p)))
        return e;
    for (size_t i = 0; i < count; i++)
        if (!val_eq(before[i], p->acc->map.all.items[i]->object) ||
            names[i] != p->acc->map.all.items[i]->past.count)
            return refuse(p, "a validator must not change resources");
    return NULL;
}

static struct err *run_plugin(const struct plugin *p, enum kust_plugin_kind kind)
{
    const struct kust_id *id = &p->config->id;
    if (id->group.len > 0 || !str_is(id->version, "builtin"))
        return refuse(p,
                      "only builtin plugins are allowed; exec, Go and container plugins are not");
    if (kind == KUST_GENERATORS)
        return run_generator(p);
    if (kind == KUST_VALIDATORS)
        return run_validator(p);
    struct kust_origin by = kust_origin_plugin(p->config);
    struct err *e = run_transformer(p);
    if (!e)
        kust_origin_transformed(p->build, &p->acc->map, &by);
    kust_resmap_drop_empty(&p->acc->map);
    return e;
}

/* An entry is a configuration if it reads as one, else a path. */
static struct err *load_configs(struct kust_build *b, const struct kust_dir *dir, const char *field,
                                const struct val *list, struct kust_accum *configs)
{
    struct seq_builder paths;
    seq_builder_init(&paths, b->arena);
    for (size_t i = 0; i < val_count(list); i++) {
        struct str text = val_str(list->items[i]);
        struct kust_resources found = VEC_INIT;
        if (!str_contains(text, STR("\n"))) {
            seq_builder_add(&paths, list->items[i]);
            continue;
        }
        struct str name = str_printf(b->arena, "%.*s:%u:%u: plugin", STR_ARG(dir->file),
                                     list->items[i]->line, (unsigned)list->items[i]->column);
        struct err *e = kust_objects_read(b, text, name, &found);
        if (!e && b->track_origins)
            kust_origin_file(b, dir, dir->file_name, &found);
        if (!e)
            e = kust_resmap_append_all(&configs->map, &found);
        if (TRY(&e, kust_report(b, dir, field, list->items[i], e)))
            return e;
    }
    return kust_accumulate_resources(b, dir, field, seq_builder_done(&paths, NULL), configs);
}

/* "transformer.yaml:1:1: LabelTransformer/ns/name" */
static struct str place_of(const struct plugin *p)
{
    const struct val *c = p->config->object;
    struct str id = kust_id_format(p->build->arena, &p->config->id);
    return c->file ? str_printf(p->build->arena, "%s:%u:%u: plugin %.*s", c->file, c->line,
                                (unsigned)c->column, STR_ARG(id))
                   : str_concat(p->build->arena, STR("plugin "), id);
}

struct err *kust_run_plugins(struct kust_build *b, const struct kust_dir *dir, const char *field,
                             const struct val *spec, enum kust_plugin_kind kind,
                             struct kust_accum *acc)
{
    const struct val *list = val_get(spec, str_from_cstr(field));
    struct kust_accum configs;
    size_t errors = b->errors.count;
    struct err *e;
    if (val_count(list) == 0)
        return NULL;
    kust_accum_init(&configs, b);
    if (TRY(&e, load_configs(b, dir, field, list, &configs)) || b->errors.count > errors)
        return e;
    for (size_t i = 0; i < configs.map.all.count; i++) {
        const struct kust_resource *config = configs.map.all.items[i];
        struct plugin p = { b, dir, config,
                            kust_spec_loosen(b->arena, config->object, kust_plugin_fields), acc };
        if (TRY(&e, run_plugin(&p, kind))) {
            e = err_wrap(b->arena, e, "%.*s", STR_ARG(place_of(&p)));
            if (TRY(&e, kust_report(b, dir, field, list, e)))
                return e;
        }
        kust_trace(b, dir, &acc->map, str_cstr(b->arena, p.config->id.kind), field,
                   p.config->object);
    }
    return NULL;
}
