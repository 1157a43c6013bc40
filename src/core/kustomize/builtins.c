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

/* A transformer that is done, or failed with e: the entry `at` of a field told it what to do. */
static struct err *after(const struct apply *x, struct err *e, const char *kind, const char *field,
                         const struct val *at)
{
    if (e) {
        kust_resmap_drop_empty(&x->acc->map); /* the build goes on, for what else is wrong */
        return kust_report(x->build, x->dir, field, at, e);
    }
    struct kust_origin by = kust_origin_builtin(x->build, x->dir, str_from_cstr(kind));
    kust_origin_transformed(x->build, &x->acc->map, &by);
    kust_trace(x->build, x->dir, &x->acc->map, kind, field, at);
    kust_resmap_drop_empty(&x->acc->map);
    return kust_report(x->build, x->dir, field, at, kust_check_budget(x->build));
}

static struct err *generate_one(const struct apply *x, const struct val *args,
                                enum kust_generator kind)
{
    struct kust_build *b = x->build;
    const char *by = kind == KUST_SECRET ? "SecretGenerator" : "ConfigMapGenerator";
    struct kust_resource *r;
    struct err *e;
    if (TRY(&e,
            kust_generate(b, x->dir, kind, args, val_get(x->spec, STR("generatorOptions")), &r)))
        return e;
    if (b->track_origins) {
        r->has_origin = true;
        r->origin = kust_origin_builtin(b, x->dir, str_from_cstr(by));
    }
    r->steps.count = 0; /* its first step is the generator's */
    if (TRY(&e, kust_resmap_absorb(&x->acc->map, &b->schema, r)))
        return e;
    kust_trace(b, x->dir, &x->acc->map, by, NULL, args);
    return NULL;
}

static struct err *run_generator(const struct apply *x, const char *field, enum kust_generator kind)
{
    const struct val *list = val_get(x->spec, str_from_cstr(field));
    for (size_t i = 0; i < val_count(list); i++) {
        struct err *e = kust_check_budget(x->build);
        if (!e)
            e = generate_one(x, list->items[i], kind);
        if (TRY(&e, kust_report(x->build, x->dir, field, list->items[i], e)))
            return e;
    }
    return NULL;
}

struct err *kust_run_generators(struct kust_build *b, const struct kust_dir *dir,
                                const struct kust_spec *spec, struct kust_accum *acc)
{
    struct apply x = { b, dir, spec->value, acc };
    struct err *e;
    if (TRY(&e, run_generator(&x, "configMapGenerator", KUST_CONFIG_MAP)) ||
        TRY(&e, run_generator(&x, "secretGenerator", KUST_SECRET)))
        return e;
    return kust_run_plugins(b, dir, "generators", spec->value, KUST_GENERATORS, acc);
}

static struct err *run_patches(const struct apply *x)
{
    const struct val *strategic = val_get(x->spec, STR("patchesStrategicMerge"));
    const struct val *patches = val_get(x->spec, STR("patches"));
    struct err *e;
    if (val_count(strategic) > 0) {
        e = kust_transform_patches_strategic(x->build, x->dir, &x->acc->map, strategic, STR(""));
        if (TRY(&e,
                after(x, e, "PatchStrategicMergeTransformer", "patchesStrategicMerge", strategic)))
            return e;
    }
    for (size_t i = 0; i < val_count(patches); i++) {
        e = kust_transform_patch(x->build, x->dir, &x->acc->map, patches->items[i]);
        if (TRY(&e, after(x, e, "PatchTransformer", "patches", patches->items[i])))
            return e;
    }
    return NULL;
}

static struct err *run_names(const struct apply *x)
{
    struct kust_resmap *m = &x->acc->map;
    const struct kust_config *config = x->acc->config;
    const struct val *ns = val_get(x->spec, STR("namespace"));
    const struct val *prefix = val_get(x->spec, STR("namePrefix"));
    const struct val *suffix = val_get(x->spec, STR("nameSuffix"));
    struct err *e;
    if (val_str(ns).len > 0) {
        struct kust_namespace args = { .ns = val_str(ns), .specs = config->namespace };
        e = kust_transform_namespace(x->build, m, &args);
        if (TRY(&e, after(x, e, "NamespaceTransformer", "namespace", ns)))
            return e;
    }
    if (val_str(prefix).len > 0) {
        e = kust_transform_prefix(x->build, m, val_str(prefix), config->name_prefix);
        if (TRY(&e, after(x, e, "PrefixTransformer", "namePrefix", prefix)))
            return e;
    }
    if (val_str(suffix).len == 0)
        return NULL;
    e = kust_transform_suffix(x->build, m, val_str(suffix), config->name_suffix);
    return after(x, e, "SuffixTransformer", "nameSuffix", suffix);
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
        if (TRY(&e, after(x, e, "LabelTransformer", "labels", labels->items[i])))
            return e;
    }
    e = kust_transform_pairs(x->build, m, common, x->acc->config->common_labels);
    return after(x, e, "LabelTransformer", "commonLabels", common);
}

static struct err *run_annotations(const struct apply *x)
{
    const struct val *pairs = val_get(x->spec, STR("commonAnnotations"));
    if (val_count(pairs) == 0)
        return NULL;
    struct err *e = kust_transform_pairs(x->build, &x->acc->map, pairs,
                                         x->acc->config->common_annotations);
    return after(x, e, "AnnotationsTransformer", "commonAnnotations", pairs);
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
        if (TRY(&e, after(x, e, "PatchJson6902Transformer", "patchesJson6902", json->items[i])))
            return e;
    }
    for (size_t i = 0; i < val_count(replicas); i++) {
        e = kust_transform_replicas(b, m, replicas->items[i], x->acc->config->replicas);
        if (TRY(&e, after(x, e, "ReplicaCountTransformer", "replicas", replicas->items[i])))
            return e;
    }
    for (size_t i = 0; i < val_count(images); i++) {
        e = kust_transform_image(b, m, images->items[i], x->acc->config->images);
        if (TRY(&e, after(x, e, "ImageTagTransformer", "images", images->items[i])))
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
    return after(x, e, "ReplacementTransformer", "replacements", list);
}

struct err *kust_run_transformers(struct kust_build *b, const struct kust_dir *dir,
                                  const struct kust_spec *spec, struct kust_accum *acc)
{
    struct apply x = { b, dir, spec->value, acc };
    struct err *e;
    if (TRY(&e, run_patches(&x)) || TRY(&e, run_names(&x)) || TRY(&e, run_labels(&x)) ||
        TRY(&e, run_annotations(&x)) || TRY(&e, run_lists(&x)) || TRY(&e, run_replacements(&x)))
        return e;
    return kust_run_plugins(b, dir, "transformers", x.spec, KUST_TRANSFORMERS, acc);
}
