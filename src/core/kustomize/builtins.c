/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/accumulate.h"
#include "core/kustomize/generate.h"
#include "core/kustomize/origin.h"
#include "core/kustomize/transform.h"

/* One kustomization being applied: its fields, where it is, and what it acts on. */
struct apply {
    struct kust_build *build;
    const struct kust_dir *dir;
    const struct val *spec;
    struct kust_accum *acc;
};

static struct err *after(const struct apply *x, struct err *e, const char *kind)
{
    if (e)
        return err_wrap(x->build->arena, e, "%.*s", STR_ARG(x->dir->file));
    struct kust_origin by = kust_origin_builtin(x->build, x->dir, str_from_cstr(kind));
    kust_origin_transformed(x->build, &x->acc->map, &by);
    kust_resmap_drop_empty(&x->acc->map);
    return kust_check_budget(x->build);
}

static struct err *run_generator(const struct apply *x, const struct val *list,
                                 enum kust_generator kind)
{
    struct kust_build *b = x->build;
    const struct val *options = val_get(x->spec, STR("generatorOptions"));
    for (size_t i = 0; i < val_count(list); i++) {
        struct kust_resource *r;
        struct err *e;
        if (TRY(&e, kust_generate(b, x->dir, kind, list->items[i], options, &r)))
            return e;
        if (b->track_origins) {
            r->has_origin = true;
            r->origin = kust_origin_builtin(b, x->dir,
                                            kind == KUST_SECRET ? STR("SecretGenerator")
                                                                : STR("ConfigMapGenerator"));
        }
        if (TRY(&e, kust_resmap_absorb(&x->acc->map, &b->schema, r)))
            return err_wrap(b->arena, e, "%.*s", STR_ARG(x->dir->file));
    }
    return NULL;
}

struct err *kust_run_generators(struct kust_build *b, const struct kust_dir *dir,
                                const struct kust_spec *spec, struct kust_accum *acc)
{
    struct apply x = { b, dir, spec->value, acc };
    struct err *e;
    if (TRY(&e, run_generator(&x, val_get(x.spec, STR("configMapGenerator")), KUST_CONFIG_MAP)) ||
        TRY(&e, run_generator(&x, val_get(x.spec, STR("secretGenerator")), KUST_SECRET)))
        return e;
    return kust_run_plugins(b, dir, val_get(x.spec, STR("generators")), KUST_GENERATORS, acc);
}

static struct err *run_patches(const struct apply *x)
{
    const struct val *strategic = val_get(x->spec, STR("patchesStrategicMerge"));
    const struct val *patches = val_get(x->spec, STR("patches"));
    struct err *e;
    if (val_count(strategic) > 0) {
        e = kust_transform_patches_strategic(x->build, x->dir, &x->acc->map, strategic, STR(""));
        if (TRY(&e, after(x, e, "PatchStrategicMergeTransformer")))
            return e;
    }
    for (size_t i = 0; i < val_count(patches); i++) {
        e = kust_transform_patch(x->build, x->dir, &x->acc->map, patches->items[i]);
        if (TRY(&e, after(x, e, "PatchTransformer")))
            return e;
    }
    return NULL;
}

static struct err *run_names(const struct apply *x)
{
    struct kust_resmap *m = &x->acc->map;
    const struct kust_config *config = x->acc->config;
    struct str ns = val_get_str(x->spec, "namespace");
    struct str prefix = val_get_str(x->spec, "namePrefix");
    struct str suffix = val_get_str(x->spec, "nameSuffix");
    struct err *e;
    if (ns.len > 0) {
        struct kust_namespace args = { .ns = ns, .specs = config->namespace };
        if (TRY(&e, after(x, kust_transform_namespace(x->build, m, &args), "NamespaceTransformer")))
            return e;
    }
    if (prefix.len > 0) {
        e = kust_transform_prefix(x->build, m, prefix, config->name_prefix);
        if (TRY(&e, after(x, e, "PrefixTransformer")))
            return e;
    }
    if (suffix.len == 0)
        return NULL;
    e = kust_transform_suffix(x->build, m, suffix, config->name_suffix);
    return after(x, e, "SuffixTransformer");
}

/* The fields of one entry of `labels`: its own, the configured ones, then as far as it asks. */
static struct err *label_specs(const struct apply *x, const struct val *label,
                               struct kust_fieldspecs *ret)
{
    static const struct kust_fieldspec metadata = { .path = STR_INIT("metadata/labels"),
                                                    .create = true };
    const struct kust_config *config = x->acc->config;
    struct arena *a = x->build->arena;
    struct err *e;
    if (TRY(&e, kust_fieldspecs_read(a, val_get(label, STR("fields")), ret)) ||
        TRY(&e, kust_fieldspecs_merge(a, ret, config->labels)))
        return e;
    if (val_at_bool(label, "includeSelectors", false))
        return kust_fieldspecs_merge(a, ret, config->common_labels);
    if (val_at_bool(label, "includeTemplates", false) &&
        TRY(&e, kust_fieldspecs_merge(a, ret, config->template_labels)))
        return e;
    if (val_at_bool(label, "includeVolumeClaimTemplates", false) &&
        TRY(&e, kust_fieldspecs_merge(a, ret, config->claim_labels)))
        return e;
    return kust_fieldspecs_merge(a, ret, (struct kust_fieldspecs){ &metadata, 1 });
}

static struct err *run_labels(const struct apply *x)
{
    const struct val *labels = val_get(x->spec, STR("labels"));
    const struct val *common = val_get(x->spec, STR("commonLabels"));
    struct kust_resmap *m = &x->acc->map;
    struct err *e;
    if (val_count(labels) == 0 && val_count(common) == 0)
        return NULL;
    for (size_t i = 0; i < val_count(labels); i++) {
        struct kust_fieldspecs specs = { NULL, 0 };
        e = label_specs(x, labels->items[i], &specs);
        if (!e)
            e = kust_transform_pairs(x->build, m, val_get(labels->items[i], STR("pairs")), specs);
        if (TRY(&e, after(x, e, "LabelTransformer")))
            return e;
    }
    e = kust_transform_pairs(x->build, m, common, x->acc->config->common_labels);
    return after(x, e, "LabelTransformer");
}

static struct err *run_annotations(const struct apply *x)
{
    const struct val *pairs = val_get(x->spec, STR("commonAnnotations"));
    if (val_count(pairs) == 0)
        return NULL;
    struct err *e = kust_transform_pairs(x->build, &x->acc->map, pairs,
                                         x->acc->config->common_annotations);
    return after(x, e, "AnnotationsTransformer");
}

static struct err *run_lists(const struct apply *x)
{
    struct kust_build *b = x->build;
    struct kust_resmap *m = &x->acc->map;
    const struct val *json = val_get(x->spec, STR("patchesJson6902"));
    const struct val *replicas = val_get(x->spec, STR("replicas"));
    const struct val *images = val_get(x->spec, STR("images"));
    struct err *e;
    for (size_t i = 0; i < val_count(json); i++) {
        e = kust_transform_patch_json(b, x->dir, m, json->items[i]);
        if (TRY(&e, after(x, e, "PatchJson6902Transformer")))
            return e;
    }
    for (size_t i = 0; i < val_count(replicas); i++) {
        e = kust_transform_replicas(b, m, replicas->items[i], x->acc->config->replicas);
        if (TRY(&e, after(x, e, "ReplicaCountTransformer")))
            return e;
    }
    for (size_t i = 0; i < val_count(images); i++) {
        e = kust_transform_image(b, m, images->items[i], x->acc->config->images);
        if (TRY(&e, after(x, e, "ImageTagTransformer")))
            return e;
    }
    return NULL;
}

static struct err *run_replacements(const struct apply *x)
{
    const struct val *list = val_get(x->spec, STR("replacements"));
    if (val_count(list) == 0)
        return NULL;
    struct err *e = kust_transform_replacements(x->build, x->dir, &x->acc->map, list);
    return after(x, e, "ReplacementTransformer");
}

struct err *kust_run_transformers(struct kust_build *b, const struct kust_dir *dir,
                                  const struct kust_spec *spec, struct kust_accum *acc)
{
    struct apply x = { b, dir, spec->value, acc };
    struct err *e;
    if (TRY(&e, run_patches(&x)) || TRY(&e, run_names(&x)) || TRY(&e, run_labels(&x)) ||
        TRY(&e, run_annotations(&x)) || TRY(&e, run_lists(&x)) || TRY(&e, run_replacements(&x)))
        return e;
    return kust_run_plugins(b, dir, val_get(x.spec, STR("transformers")), KUST_TRANSFORMERS, acc);
}
