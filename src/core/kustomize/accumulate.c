/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/accumulate.h"

#include "core/kustomize/crds.h"
#include "core/kustomize/openapi.h"
#include "core/kustomize/origin.h"
#include "value/yaml.h"

void kust_accum_init(struct kust_accum *acc, struct kust_build *b)
{
    *acc = (struct kust_accum){ .config = &kust_config_empty };
    kust_resmap_init(&acc->map, b->arena);
    kust_vars_init(&acc->vars, b->arena);
}

static struct err *merge_accum(struct kust_build *b, struct kust_accum *into,
                               const struct kust_accum *from)
{
    struct err *e;
    if (TRY(&e, kust_spend(b, kust_config_merge_steps(into->config, from->config))) ||
        TRY(&e, kust_resmap_append_all(&into->map, &from->map.all)) ||
        TRY(&e, kust_config_merge(b->arena, &into->config, from->config)))
        return e;
    return kust_vars_merge(&into->vars, &from->vars);
}

static struct err *accumulate_file(struct kust_build *b, const struct kust_dir *dir,
                                   struct str path, struct kust_accum *acc)
{
    struct kust_file file;
    struct kust_resources list = VEC_INIT;
    struct kust_resmap own;
    struct err *e;
    if (TRY(&e, kust_read(b, dir, path, &file)) ||
        TRY(&e, kust_objects_read(b, file.content, file.name, &list)))
        return e;
    kust_resmap_init(&own, b->arena);
    if (TRY(&e, kust_resmap_append_all(&own, &list)))
        return e;
    if (b->track_origins)
        kust_origin_file(b, dir, path, &list);
    return kust_resmap_append_all(&acc->map, &list);
}

static struct err *check_component(struct kust_build *b, const struct kust_dir *dir,
                                   const struct kust_spec *spec, bool wanted)
{
    if (spec->is_component == wanted)
        return NULL;
    return err_new(b->arena, ERR_INVALID, "%.*s: expected kind %sComponent for a path in %s",
                   STR_ARG(dir->file), wanted ? "" : "other than ",
                   wanted ? "components" : "resources");
}

/* Errors below `dir` are reported where they are found, so an error from here is of the entry itself. */
static struct err *accumulate_dir(struct kust_build *b, const struct kust_dir *dir,
                                  const struct val *at, bool component, struct kust_accum *acc)
{
    struct kust_dir *sub = ARENA_NEW(b->arena, struct kust_dir);
    struct kust_spec spec;
    struct err *e;
    if (TRY(&e, kust_enter(b, dir, val_str(at), sub)) || TRY(&e, kust_spec_load(b, sub, &spec)) ||
        TRY(&e, kust_openapi_use(b, sub, spec.value)) ||
        TRY(&e, check_component(b, sub, &spec, component)))
        return e;
    sub->named_at = str_printf(b->arena, "%.*s:%u:%u: %s", STR_ARG(dir->file), at->line,
                               (unsigned)at->column, component ? "components" : "resources");
    struct kust_accum *into = ARENA_NEW(b->arena, struct kust_accum);
    kust_accum_init(into, b);
    if (component) {
        /* Its directives act on what is there; ids are checked again when all is put back. */
        struct kust_accum whole = *acc;
        if (TRY(&e, kust_accumulate(b, sub, &spec, &whole)))
            return e;
        *acc = *into;
        return merge_accum(b, acc, &whole);
    }
    if (TRY(&e, kust_accumulate(b, sub, &spec, into)))
        return e;
    return merge_accum(b, acc, into);
}

static struct err *accumulate_resource(struct kust_build *b, const struct kust_dir *dir,
                                       const struct val *at, struct kust_accum *acc)
{
    struct str path = val_str(at);
    bool remote_file = str_has_prefix(path, STR("http://")) ||
                       str_has_prefix(path, STR("https://"));
    enum tree_kind kind = TREE_ABSENT;
    struct kustomize_remote remote;
    struct err *e;
    if (path.len == 0)
        return err_new(b->arena, ERR_INVALID, "a resource path is empty");
    if (!remote_file && TRY(&e, kust_stat(b, dir, path, &kind)))
        return e;
    if (kind == TREE_FILE)
        return accumulate_file(b, dir, path, acc);
    bool repository = kustomize_remote_parse(b->arena, path, &remote);
    if (remote_file) {
        e = accumulate_file(b, dir, path, acc);
        if (!e || !repository) /* else it may be the address of a repository */
            return e;
    }
    if (kind == TREE_ABSENT && !repository)
        return err_new(b->arena, ERR_NOT_FOUND, "resource \"%.*s\" does not exist", STR_ARG(path));
    return accumulate_dir(b, dir, at, false, acc);
}

struct err *kust_accumulate_resources(struct kust_build *b, const struct kust_dir *dir,
                                      const char *field, const struct val *paths,
                                      struct kust_accum *acc)
{
    struct err *e;
    for (size_t i = 0; i < val_count(paths); i++) {
        e = accumulate_resource(b, dir, paths->items[i], acc);
        if (TRY(&e, kust_report(b, dir, field, paths->items[i], e)))
            return e;
    }
    return NULL;
}

static struct err *read_configuration(struct kust_build *b, const struct kust_dir *dir,
                                      struct str path, const struct kust_config **into)
{
    struct kust_file file;
    const struct val *document;
    struct kust_config *config = ARENA_NEW(b->arena, struct kust_config);
    struct err *e;
    if (TRY(&e, kust_read(b, dir, path, &file)) ||
        TRY(&e, yaml_read(b->arena, file.content, file.name, YAML_SIGS, &document)) ||
        TRY(&e, kust_config_read(b->arena, document, config)))
        return e;
    return kust_config_merge(b->arena, into, config);
}

static struct err *read_configurations(struct kust_build *b, const struct kust_dir *dir,
                                       const struct val *paths, struct kust_accum *acc)
{
    const struct kust_config *given = &kust_config_empty, *all = &kust_config_default;
    struct err *e;
    for (size_t i = 0; i < val_count(paths); i++) {
        e = read_configuration(b, dir, val_str(paths->items[i]), &given);
        if (TRY(&e, kust_report(b, dir, "configurations", paths->items[i], e)))
            return e;
    }
    if ((given != &kust_config_empty && TRY(&e, kust_config_merge(b->arena, &all, given))) ||
        TRY(&e, kust_config_merge(b->arena, &acc->config, all)))
        return err_wrap(b->arena, e, "%.*s: configurations", STR_ARG(dir->file));
    return NULL;
}

static struct err *accumulate_components(struct kust_build *b, const struct kust_dir *dir,
                                         const struct val *paths, struct kust_accum *acc)
{
    struct err *e;
    for (size_t i = 0; i < val_count(paths); i++) {
        e = accumulate_dir(b, dir, paths->items[i], true, acc);
        if (TRY(&e, kust_report(b, dir, "components", paths->items[i], e)))
            return e;
    }
    return NULL;
}

static struct err *refuse_charts(struct kust_build *b, const struct kust_dir *dir,
                                 const struct val *charts)
{
    if (val_count(charts) == 0)
        return NULL;
    struct err *e = err_new(b->arena, ERR_UNSUPPORTED,
                            "not supported; use a HelmRelease or render the chart");
    return kust_report(b, dir, "helmCharts", charts, e);
}

/* All that the kustomization reads but its patches. */
static struct err *load(struct kust_build *b, const struct kust_dir *dir,
                        const struct kust_spec *spec, struct kust_accum *acc)
{
    const struct val *v = spec->value;
    struct err *e;
    if (TRY(&e, refuse_charts(b, dir, val_get(v, STR("helmCharts")))) ||
        TRY(&e,
            kust_accumulate_resources(b, dir, "resources", val_get(v, STR("resources")), acc)) ||
        TRY(&e, read_configurations(b, dir, val_get(v, STR("configurations")), acc)) ||
        TRY(&e, kust_crds_read(b, dir, val_get(v, STR("crds")), &acc->config)) ||
        TRY(&e, kust_run_generators(b, dir, spec, acc)))
        return e;
    return accumulate_components(b, dir, val_get(v, STR("components")), acc);
}

struct err *kust_accumulate(struct kust_build *b, const struct kust_dir *dir,
                            const struct kust_spec *spec, struct kust_accum *acc)
{
    const struct val *v = spec->value;
    size_t errors = b->errors.count;
    struct err *e;
    if (TRY(&e, load(b, dir, spec, acc)))
        return e;
    if (b->errors.count >
        errors) /* patches would miss their targets: only their texts are checked */
        return kust_check_patches(b, dir, spec);
    if (TRY(&e, kust_run_transformers(b, dir, spec, acc)) ||
        TRY(&e, kust_run_plugins(b, dir, "validators", v, KUST_VALIDATORS, acc)))
        return e;
    const struct val *vars = val_get(v, STR("vars"));
    return kust_report(b, dir, "vars", vars, kust_vars_collect(b, &acc->vars, vars, &acc->map));
}
