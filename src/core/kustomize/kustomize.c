/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/kustomize.h"

#include "base/limits.h"
#include "core/kustomize/accumulate.h"
#include "core/kustomize/openapi.h"
#include "core/kustomize/order.h"
#include "core/kustomize/origin.h"
#include "core/kustomize/refold.h"
#include "core/kustomize/transform.h"
#include "value/yaml.h"

static bool lists(const struct val *list, const char *word)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_str(list->items[i]), str_from_cstr(word)))
            return true;
    return false;
}

/* Drops objects that are meant for tools only; all must still be whole. */
static struct err *drop_local(struct kust_build *b, struct kust_resmap *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        struct str name = r->object->file ? str_from_cstr(r->object->file)
                                          : STR("after all changes");
        struct err *e;
        if (TRY(&e, kust_object_check(b, r->object, name)))
            return e;
        const struct val *annotations = val_at(r->object, "metadata.annotations");
        const struct val *local = val_get(annotations, STR("config.kubernetes.io/local-config"));
        if (!local || str_is(kust_text(b->arena, local), "false"))
            m->all.items[kept++] = r;
    }
    m->all.count = kept;
    return NULL;
}

static struct err *sort(struct kust_build *b, const struct kust_spec *spec, struct kust_resmap *m)
{
    const struct val *options = val_get(spec->value, STR("sortOptions"));
    struct kust_order order = kust_order_default;
    bool legacy = b->options->legacy_order;
    struct err *e;
    if (options && TRY(&e, kust_order_read(b->arena, options, &legacy, &order)))
        return e;
    if (legacy)
        kust_order_apply(m, &order);
    return NULL;
}

static struct err *add_managed_by(struct kust_build *b, struct kust_resmap *m)
{
    static const struct kust_fieldspec labels = { .path = STR_INIT("metadata/labels"),
                                                  .create = true };
    const struct val *pairs = val_map_of(
        b->arena, "app.kubernetes.io/managed-by",
        val_cstring(b->arena, b->options->for_flux ? "kustomize-(devel)" : "kustomize-v5.8.2"),
        (char *)NULL);
    return kust_transform_pairs(b, m, pairs, (struct kust_fieldspecs){ &labels, 1 });
}

static bool is_internal(struct str key)
{
    static const struct str keys[] = {
        STR_INIT("internal.config.kubernetes.io/previousKinds"),
        STR_INIT("internal.config.kubernetes.io/previousNames"),
        STR_INIT("internal.config.kubernetes.io/prefixes"),
        STR_INIT("internal.config.kubernetes.io/suffixes"),
        STR_INIT("internal.config.kubernetes.io/previousNamespaces"),
        STR_INIT("internal.config.kubernetes.io/allowNameChange"),
        STR_INIT("internal.config.kubernetes.io/allowKindChange"),
        STR_INIT("internal.config.kubernetes.io/refBy"),
        STR_INIT("internal.config.kubernetes.io/generatorBehavior"),
        STR_INIT("internal.config.kubernetes.io/needsHashSuffix"),
        STR_INIT("internal.config.kubernetes.io/path"),
        STR_INIT("internal.config.kubernetes.io/index"),
        STR_INIT("internal.config.kubernetes.io/seqindent"),
        STR_INIT("internal.config.kubernetes.io/id"),
        STR_INIT("internal.config.kubernetes.io/annotations-migration-resource-id"),
        STR_INIT("config.kubernetes.io/path"),
        STR_INIT("config.kubernetes.io/index"),
        STR_INIT("config.k8s.io/id"),
        STR_INIT("config.kubernetes.io/id"),
        STR_INIT("internal.config.kubernetes.io/helmGenerated"),
    };
    if (!str_contains(key, STR("config.k")))
        return false;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (str_eq(key, keys[i]))
            return true;
    return false;
}

/* Text that its style cannot change any more: not folded, no plain timestamp. */
static bool is_settled(const struct val *v)
{
    bool dashed = v->text.len >= 8 && v->text.ptr[4] == '-';
    return v->kind == VAL_STRING && v->style != VAL_STYLE_FOLDED &&
           (v->style != VAL_STYLE_PLAIN || !dashed);
}

/* Annotations leave as text, without those that only tools need; an empty map goes. */
static struct err *finish_object(struct kust_build *b, struct kust_resource *r, bool origins,
                                 bool transformations)
{
    struct arena *a = b->arena;
    const struct val *old = val_at(r->object, "metadata.annotations");
    if (old) {
        struct map_builder map;
        map_builder_init(&map, a);
        bool changed = false;
        for (size_t i = 0; old->kind == VAL_MAP && i < old->count; i++) {
            const struct val_field *f = &old->fields[i];
            bool dropped = is_internal(f->key) ||
                           (!origins && str_is(f->key, "config.kubernetes.io/origin")) ||
                           (!transformations &&
                            str_is(f->key, "alpha.config.kubernetes.io/transformations"));
            bool text = is_settled(f->value);
            changed = changed || dropped || !text;
            if (!dropped)
                map_builder_set(&map, f->key,
                                text ? f->value : val_string(a, kust_text(a, f->value)));
        }
        if (map.count == 0)
            r->object = val_without_at(a, r->object, "metadata.annotations");
        else if (changed)
            r->object = val_with_at(a, r->object, "metadata.annotations",
                                    map_builder_done(&map, old));
    }
    kust_origin_annotate(a, r, origins, transformations);
    struct err *e = kust_refold(a, r->object, &r->object);
    return e ? err_wrap(a, e, "%.*s", STR_ARG(kust_id_format(a, &r->id))) : NULL;
}

static void give(struct kust_build *b, const struct kust_resmap *m, struct kustomize_result *ret)
{
    ret->items = ARENA_ARRAY(b->arena, m->all.count, struct kustomize_resource);
    ret->count = m->all.count;
    for (size_t i = 0; i < m->all.count; i++) {
        const struct val *object = m->all.items[i]->object;
        struct str ns = kust_id_effective_ns(&m->all.items[i]->id);
        ret->items[i] = (struct kustomize_resource){
            .object = object,
            .file = str_from_cstr(object->file),
            .ns = m->all.items[i]->id.cluster ? STR("") : ns,
            .steps = m->all.items[i]->steps.items,
            .step_count = m->all.items[i]->steps.count,
        };
    }
    ret->warnings = b->warnings.items;
    ret->warning_count = b->warnings.count;
}

/* What is done once, when all objects are there. */
static struct err *finish(struct kust_build *b, const struct kust_dir *dir,
                          const struct kust_spec *spec, struct kust_accum *acc)
{
    struct kust_resmap *m = &acc->map;
    const struct val *metadata = val_get(spec->value, STR("buildMetadata"));
    struct err *e;
    if (TRY(&e, kust_transform_hash(b, m)))
        return e;
    kust_trace(b, dir, m, "HashTransformer", NULL, NULL);
    if (TRY(&e, kust_transform_references(b, m, acc->config)))
        return e;
    kust_trace(b, dir, m, "name references", NULL, NULL);
    if (TRY(&e, kust_vars_resolve(b, &acc->vars, m, acc->config)))
        return e;
    kust_trace(b, dir, m, "vars", NULL, NULL);
    if (TRY(&e, drop_local(b, m)) || TRY(&e, kust_resmap_check_unique(m, "after all changes")) ||
        TRY(&e, sort(b, spec, m)))
        return e;
    if (lists(metadata, "managedByLabel") && TRY(&e, add_managed_by(b, m)))
        return e;
    for (size_t i = 0; i < m->all.count; i++)
        if (TRY(&e, finish_object(b, m->all.items[i], lists(metadata, "originAnnotations"),
                                  lists(metadata, "transformerAnnotations"))))
            return e;
    kust_trace(b, dir, m, "buildMetadata", NULL, metadata);
    return NULL;
}

/* How much is printed at most: keys, texts, indentation, line ends and quotes. */
static size_t printed_bytes(const struct val *v, size_t depth)
{
    bool scalar = v->kind != VAL_MAP && v->kind != VAL_SEQ;
    size_t bytes = 2 * depth + 4 + (scalar ? v->text.len : 0);
    for (size_t i = 0; i < val_count(v) && bytes <= LIMIT_BUILD_OUTPUT_BYTES; i++) {
        const struct val *below = v->kind == VAL_MAP ? v->fields[i].value : v->items[i];
        if (v->kind == VAL_MAP)
            bytes += 2 * depth + 2 + v->fields[i].key.len;
        bytes += printed_bytes(below, depth + 1);
    }
    return bytes;
}

static struct err *check_output(const struct kust_build *b, const struct kust_resmap *m)
{
    size_t bytes = 0;
    for (size_t i = 0; i < m->all.count && bytes <= LIMIT_BUILD_OUTPUT_BYTES; i++)
        bytes += printed_bytes(m->all.items[i]->object, 0);
    if (bytes <= LIMIT_BUILD_OUTPUT_BYTES)
        return NULL;
    return err_new(b->arena, ERR_TOO_LARGE, "the objects of the build take more than %llu MiB",
                   LIMIT_BUILD_OUTPUT_BYTES / MIB);
}

static struct err *build(struct kust_build *b, const struct tree *tree, struct str path,
                         struct kustomize_result *ret)
{
    struct kust_dir dir;
    struct kust_spec spec;
    struct kust_accum acc;
    struct err *e;
    if (TRY(&e, kust_start_dir(b, tree, path, &dir)) || TRY(&e, kust_spec_load(b, &dir, &spec)) ||
        TRY(&e, kust_openapi_use(b, &dir, spec.value)))
        return e;
    b->track_origins = val_count(val_get(spec.value, STR("buildMetadata"))) > 0;
    kust_accum_init(&acc, b);
    if (TRY(&e, kust_accumulate(b, &dir, &spec, &acc)) || b->errors.count > 0)
        return kust_reported(b);
    if (TRY(&e, finish(b, &dir, &spec, &acc)) || TRY(&e, kust_check_budget(b)) ||
        TRY(&e, check_output(b, &acc.map)))
        return err_wrap(b->arena, e, "%.*s", STR_ARG(dir.file));
    give(b, &acc.map, ret);
    return NULL;
}

struct err *kustomize_build(struct arena *a, const struct kustomize_options *options,
                            const struct tree *tree, struct str path, struct kustomize_result *ret)
{
    struct kust_build b = { .arena = a, .options = options, .schema = merge_schema_builtin() };
    size_t old = kust_budget_begin(&b);
    struct err *e = build(&b, tree, path, ret);
    kust_budget_end(&b, old);
    return e;
}

void kustomize_print(struct buf *out, const struct kustomize_result *result)
{
    for (size_t i = 0; i < result->count; i++) {
        if (i > 0)
            buf_lit(out, "---\n");
        yaml_write(out, result->items[i].object, YAML_WRITE_DEFAULT);
    }
}
