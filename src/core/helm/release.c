/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/release.h"

#include "base/sort.h"
#include "core/gotmpl/context.h"
#include "core/gotmpl/template.h"
#include "core/helm/capabilities.h"
#include "core/helm/dependencies.h"
#include "core/helm/failures.h"
#include "core/helm/values.h"
#include "core/semver/semver.h"
#include "core/sprig/functions.h"

/* A template on its way through the engine. */
struct renderable {
    struct str name; /* app/templates/web.yaml */
    struct str base; /* app/templates */
    struct str text;
    struct go_value context; /* of its chart; shared by the chart's templates, as in Helm */
};

struct helm_rendering {
    struct arena *arena;
    const struct helm_release_options *options;
    struct go_value release;
    struct go_value capabilities;
    struct go_value context; /* of the chart itself */
    struct template_set *set;
    struct {
        struct renderable *items;
        size_t count, cap;
    } templates;
};

static struct go_value release_value(struct arena *a, const struct helm_release_options *o)
{
    struct go_value m = go_map_new(a, GO_MAP);
    context_set(&m, "Name", go_string(o->name));
    context_set(&m, "Namespace", go_string(o->ns));
    context_set(&m, "IsUpgrade", go_bool(o->is_upgrade));
    context_set(&m, "IsInstall", go_bool(!o->is_upgrade));
    context_set(&m, "Revision", go_int(o->revision));
    context_set(&m, "Service", go_string(STR("Helm")));
    return m;
}

static struct go_value files_value(struct arena *a, const struct helm_chart *c)
{
    struct context_file *files = ARENA_ARRAY(a, c->files.count, struct context_file);
    for (size_t i = 0; i < c->files.count; i++)
        files[i] = (struct context_file){ c->files.items[i].name, c->files.items[i].data };
    return context_files(a, files, c->files.count);
}

static bool is_library(const struct helm_chart *c)
{
    return str_eq_nocase(helm_chart_field(c, "type"), STR("library"));
}

/* Of a library chart only partials count. */
static void add_templates(struct helm_rendering *r, const struct helm_chart *c,
                          const struct go_value *context)
{
    struct str path = helm_chart_path(r->arena, c);
    for (size_t i = 0; i < c->templates.count; i++) {
        const struct helm_file *f = &c->templates.items[i];
        if (is_library(c) && !str_has_prefix(tree_path_base(f->name), STR("_")))
            continue;
        *VEC_PUSH(r->arena, &r->templates) = (struct renderable){
            .name = str_printf(r->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(f->name)),
            .base = str_concat(r->arena, path, STR("/templates")),
            .text = f->data,
            .context = *context,
        };
    }
}

/* The chart's context, and its templates into the list; sub-charts' before its own. */
static struct go_value add_chart(struct helm_rendering *r, const struct helm_chart *c,
                                 struct go_map *values)
{
    struct arena *a = r->arena;
    struct go_value context = go_map_new(a, GO_MAP), charts = go_map_new(a, GO_MAP);
    if (!values)
        values = go_map_new(a, GO_VALUES).map;
    context_set(&context, "Chart", context_chart_map(a, c->metadata, c->parent == NULL));
    context_set(&context, "Files", files_value(a, c));
    context_set(&context, "Release", r->release);
    context_set(&context, "Capabilities", r->capabilities);
    context_set(&context, "Values", (struct go_value){ .type = GO_VALUES, .map = values });
    context_set(&context, "Subcharts", charts);
    for (size_t i = 0; i < c->charts.count; i++) {
        const struct helm_chart *sub = c->charts.items[i];
        struct go_value own;
        bool found = go_map_find(values, GO_MAP, sub->name, &own);
        struct go_value below = add_chart(r, sub, found ? values_map_of(&own) : NULL);
        go_map_set(charts.map, sub->name, below);
    }
    add_templates(r, c, &context);
    return context;
}

static size_t slashes(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += s.ptr[i] == '/';
    return count;
}

/* Deep ones first, names descending: what a parent defines replaces what its sub-charts do. */
static bool parses_before(const void *left, const void *right)
{
    const struct renderable *x = left, *y = right;
    size_t depth_x = slashes(x->name), depth_y = slashes(y->name);
    if (depth_x != depth_y)
        return depth_x > depth_y;
    return str_cmp(x->name, y->name) > 0;
}

static bool is_partial(const struct renderable *t)
{
    return str_has_prefix(tree_path_base(t->name), STR("_"));
}

static void add_failure(struct helm_rendering *r, struct str name, const struct err *e,
                        bool executed, struct helm_release *ret)
{
    struct helm_failure *f = VEC_PUSH(r->arena, &ret->failures);

    f->template = name;
    f->as_helm = template_error_as_helm(r->arena, name, e);
    f->advice = executed ? template_set_advice(r->set, f->as_helm) : STR("");
}

/* The template's own context: that of its chart, with its name. */
static const struct go_value *context_of(struct helm_rendering *r, struct renderable *t)
{
    struct go_value self = go_map_new(r->arena, GO_VALUES);

    context_set(&self, "Name", go_string(t->name));
    context_set(&self, "BasePath", go_string(t->base));
    context_set(&t->context, "Template", self);
    t->context.type = GO_VALUES; /* while Subcharts has the same map as a plain one */
    return &t->context;
}

/* Every template is tried, unless a limit is reached, which the next one would reach too. */
static void execute_all(struct helm_rendering *r, const struct helm_chart *c,
                        struct helm_release *ret)
{
    struct str notes = str_concat(r->arena, c->name, STR("/templates/NOTES.txt"));
    struct err *e;

    for (size_t i = 0; i < r->templates.count; i++) {
        struct renderable *t = &r->templates.items[i];
        struct str text;

        if (is_partial(t))
            continue;
        if (TRY(&e, template_set_render(r->set, t->name, context_of(r, t), &text))) {
            add_failure(r, t->name, e, true, ret);
            if (e->code == ERR_TOO_LARGE)
                return;
            continue;
        }
        if (str_eq(t->name, notes))
            ret->notes = text;
        if (!str_has_suffix(t->name, STR("NOTES.txt")))
            *VEC_PUSH(r->arena, &ret->rendered) = (struct helm_file){ t->name, text };
    }
}

static void render_all(struct helm_rendering *r, const struct helm_chart *c,
                       struct helm_release *ret)
{
    struct template_options options = { .host = r->options->host,
                                        .functions = sprig_find,
                                        .lint = r->options->lint };
    struct err *e;

    r->set = template_set_new(r->arena, &options);
    ret->rendering = r;
    sort_stable(r->arena, r->templates.items, r->templates.count, sizeof *r->templates.items,
                parses_before);
    for (size_t i = 0; i < r->templates.count; i++) {
        struct renderable *t = &r->templates.items[i];

        if (TRY(&e, template_set_parse(r->set, t->name, t->text)))
            add_failure(r, t->name, e, false, ret);
    }
    if (ret->failures.count == 0)
        execute_all(r, c, ret);
}

struct err *helm_release_trace(const struct helm_release *r, struct str name, struct str *ret_text,
                               const struct trace_output **ret)
{
    struct helm_rendering *rendering = r->rendering;

    for (size_t i = 0; i < rendering->templates.count; i++) {
        struct renderable *t = &rendering->templates.items[i];

        if (str_eq(t->name, name))
            return template_set_trace(rendering->set, name, context_of(rendering, t), ret_text,
                                      ret);
    }
    return err_new(rendering->arena, ERR_NOT_FOUND, "%.*s: no template of this release",
                   STR_ARG(name));
}

void helm_release_value_uses(const struct helm_release *r, struct value_uses *ret)
{
    struct helm_rendering *rendering = r->rendering;
    struct str *names = ARENA_ARRAY(rendering->arena, rendering->templates.count + 1, struct str);
    size_t count = 0;

    for (size_t i = 0; i < rendering->templates.count; i++) {
        const struct renderable *t = &rendering->templates.items[i];

        if (!is_partial(t) && t->context.map == rendering->context.map)
            names[count++] = t->name;
    }
    template_set_value_uses(rendering->set, names, count, ret);
}

struct go_map *helm_release_context(const struct helm_release *r)
{
    return r->rendering->context.map;
}

static struct err *check_kube_version(struct arena *a, const struct helm_chart *c,
                                      const struct kube_version_info *kube)
{
    struct str wanted = helm_chart_field(c, "kubeVersion");
    struct semver_constraints *constraints;
    struct semver version;
    if (wanted.len == 0)
        return NULL;
    if (!semver_parse(kube->plain, &version) &&
        !semver_constraints_parse(a, wanted, &constraints) &&
        semver_satisfies(constraints, &version))
        return NULL;
    return err_new(a, ERR_INVALID,
                   "chart requires kubeVersion: %.*s which is incompatible with Kubernetes %.*s",
                   STR_ARG(wanted), STR_ARG(kube->version));
}

struct err *helm_release_templates(struct arena *a, const struct helm_chart *c,
                                   struct go_map *values,
                                   const struct helm_release_options *options,
                                   struct helm_release *ret)
{
    struct helm_rendering *r = ARENA_NEW(a, struct helm_rendering);
    struct kube_version_info kube;
    struct err *e;

    r->arena = a;
    r->options = options;
    *ret = (struct helm_release){ .notes = STR(""), .values = values };
    if (TRY(&e, helm_capabilities(a, options, &kube, &r->capabilities)))
        return e;
    r->release = release_value(a, options);
    r->context = add_chart(r, c, values);
    render_all(r, c, ret);
    return helm_failures_join(a, ret);
}

struct err *helm_release_render(struct arena *a, struct helm_chart *c, struct go_map *values,
                                const struct helm_release_options *options,
                                struct helm_release *ret)
{
    struct helm_rendering *r = ARENA_NEW(a, struct helm_rendering);
    struct kube_version_info kube;
    struct err *e;

    r->arena = a;
    r->options = options;
    *ret = (struct helm_release){ .notes = STR("") };
    if (is_library(c))
        return err_new(a, ERR_INVALID, "%.*s: library charts are not installable",
                       STR_ARG(c->name));
    if (TRY(&e, helm_dependencies_check(a, c)) ||
        TRY(&e, helm_dependencies_process(a, c, values)) ||
        TRY(&e, helm_capabilities(a, options, &kube, &r->capabilities)) ||
        TRY(&e, values_coalesce(a, c, values, VALUES_COALESCE, &ret->values)))
        return e;
    if (!options->skip_schema && TRY(&e, helm_schemas_check(a, c, ret->values)))
        return e;
    if (TRY(&e, check_kube_version(a, c, &kube)))
        return e;
    r->release = release_value(a, options);
    r->context = add_chart(r, c, ret->values);
    render_all(r, c, ret);
    helm_manifests_sort(a, &ret->rendered, &ret->objects, &ret->hooks, &ret->failures);
    helm_chart_crds(a, c, &ret->crds);
    return helm_failures_join(a, ret);
}
