/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/lint.h"

#include "base/buf.h"
#include "base/limits.h"
#include "core/helm/capabilities.h"
#include "core/helm/dependencies.h"
#include "core/helm/dependency_status.h"
#include "core/helm/values.h"
#include "core/jsonschema/jsonschema.h"
#include "value/json.h"

void lint_add(struct lint_findings *f, enum lint_severity severity, struct str path,
              const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str text = err_newv(f->arena, ERR_INVALID, format, args)->msg;
    va_end(args);
    *VEC_PUSH(f->arena, f) = (struct lint_finding){ severity, path, text };
}

static struct str inside(struct arena *a, const struct lint_chart *chart, const char *name)
{
    struct str path = STR("");

    (void)tree_path_join(a, chart->folder, str_from_cstr(name), &path);
    return path;
}

static struct err *kind_of(struct arena *a, const struct lint_chart *chart, const char *name,
                           enum tree_kind *ret)
{
    return tree_stat(chart->tree, a, inside(a, chart, name), ret);
}

static struct err *read_text(struct arena *a, const struct lint_chart *chart, const char *name,
                             struct str *ret)
{
    return tree_read(chart->tree, a, inside(a, chart, name), LIMIT_CHART_FILE_BYTES, ret);
}

/* Why a chart is not loaded; for its rules, without the file's path, as helm has it. */
static struct str load_fault(struct arena *a, const struct err *e)
{
    struct str line = err_line(a, e);
    size_t at = str_find(line, STR("validation: "), 0);

    return at == SIZE_MAX ? line : str_skip(line, at);
}

static struct err *check_schema(struct arena *a, struct str text, struct go_map *values)
{
    struct go_value v = { .type = GO_MAP, .map = values };
    const struct val *schema, *instance;
    struct err *e;

    if (TRY(&e, json_read(a, text, STR("values.schema.json"), JSON_READ_LAST_KEY_WINS, &schema)) ||
        TRY(&e, go_to_val(a, &v, &instance)))
        return e;
    return jsonschema_validate(a, schema, instance);
}

/* values.yaml by itself, with what the user gave over it; sub-charts' are not looked at, as in helm. */
static struct err *lint_values(struct lint_findings *f, const struct lint_chart *chart)
{
    struct str path = STR("values.yaml"), text;
    struct arena *a = f->arena;
    struct go_map *values;
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, kind_of(a, chart, "values.yaml", &kind)))
        return e;
    if (kind == TREE_ABSENT) {
        lint_add(f, LINT_INFO, path, "file does not exist");
        return NULL;
    }
    if (TRY(&e, read_text(a, chart, "values.yaml", &text)) ||
        TRY(&e, helm_values_read(a, text, path, &values))) {
        lint_add(f, LINT_ERROR, path, "unable to parse YAML: %.*s", STR_ARG(err_line(a, e)));
        return NULL;
    }
    if (chart->options->skip_schema)
        return NULL;
    values = values_coalesce_tables(a, values_copy(a, chart->values), values, VALUES_COALESCE);
    if (TRY(&e, kind_of(a, chart, "values.schema.json", &kind)))
        return e;
    if (kind == TREE_FILE && !read_text(a, chart, "values.schema.json", &text) && text.len > 0 &&
        TRY(&e, check_schema(a, text, values))) {
        lint_add(f, LINT_ERROR, path, "%.*s\n", STR_ARG(err_line(a, e)));
    }
    return NULL;
}

static void put_all_schema_faults(struct buf *out, struct arena *a, const struct helm_chart *c,
                                  struct go_map *values)
{
    struct err *e;

    if (c->schema.ptr && TRY(&e, check_schema(a, c->schema, values))) {
        buf_printf(out, "%.*s:\n%.*s\n", STR_ARG(c->name), STR_ARG(err_line(a, e)));
    }
    for (size_t i = 0; i < c->charts.count; i++) {
        struct go_value own;

        if (go_map_find(values, GO_MAP, c->charts.items[i]->name, &own) && values_map_of(&own))
            put_all_schema_faults(out, a, c->charts.items[i], values_map_of(&own));
    }
}

/* Helm is silent where dependencies or values cannot be put together; what it would render then does not exist. */
static void lint_rendering(struct lint_findings *f, const struct lint_chart *chart,
                           struct helm_chart *c, struct lint_findings *extra)
{
    struct str path = STR("templates/");
    struct helm_release release;
    struct arena *a = f->arena;
    struct go_map *values;
    struct buf faults;
    struct err *e;

    if (helm_dependencies_process(a, c, chart->values) ||
        values_coalesce(a, c, chart->values, VALUES_COALESCE, &values) ||
        values_coalesce(a, c, values, VALUES_COALESCE, &values))
        return;
    buf_init(&faults, a, 0);
    if (!chart->options->skip_schema)
        put_all_schema_faults(&faults, a, c, values);
    if (faults.len > 0) {
        lint_add(f, LINT_ERROR, path,
                 "values don't meet the specifications of the schema(s) in the following "
                 "chart(s):\n%.*s",
                 STR_ARG(buf_str(&faults)));
        return;
    }
    if (TRY(&e, helm_release_templates(a, c, values, chart->options, &release))) {
        if (release.failures.count == 0) {
            lint_add(f, LINT_ERROR, path, "%.*s", STR_ARG(err_line(a, e)));
            return;
        }
        /* Helm stops at the first failure. */
        lint_add(f, LINT_ERROR, path, "%.*s",
                 STR_ARG(err_line(a, release.failures.items[0].as_helm)));
        for (size_t i = 1; i < release.failures.count; i++)
            lint_add(extra, LINT_ERROR, path, "%.*s", STR_ARG(err_line(a, e->parts[i])));
    } else {
        lint_manifests(f, c, &release.rendered, chart->options->kube_version);
    }
    lint_value_uses(extra, c, &release);
}

static struct err *lint_templates(struct lint_findings *f, const struct lint_chart *chart,
                                  struct lint_findings *extra)
{
    struct str path = STR("templates/");
    struct helm_chart *c;
    enum tree_kind kind;
    struct err *e;

    if (TRY(&e, kind_of(f->arena, chart, "templates", &kind)))
        return e;
    if (kind == TREE_ABSENT)
        lint_add(f, LINT_WARNING, path, "directory does not exist");
    else if (kind != TREE_DIR)
        lint_add(f, LINT_ERROR, path, "not a directory");
    else if (TRY(&e, helm_chart_load(f->arena, chart->tree, chart->folder, chart->archives, &c)))
        lint_add(f, LINT_ERROR, path, "%.*s", STR_ARG(load_fault(f->arena, e)));
    else
        lint_rendering(f, chart, c, extra);
    return NULL;
}

static void put_name(struct buf *out, struct str name)
{
    if (out->len > 0)
        buf_put_byte(out, ',');
    buf_put(out, name);
}

static bool has_chart(const struct helm_chart *c, struct str name)
{
    for (size_t i = 0; i < c->charts.count; i++)
        if (str_eq(c->charts.items[i]->name, name))
            return true;
    return false;
}

static void lint_dependencies(struct lint_findings *f, const struct lint_chart *chart,
                              const struct helm_chart *c)
{
    struct buf unlisted, missing;

    buf_init(&unlisted, f->arena, 0);
    buf_init(&missing, f->arena, 0);
    for (size_t i = 0; i < c->charts.count; i++)
        if (!helm_dependency_is_listed(c, c->charts.items[i]->name))
            put_name(&unlisted, c->charts.items[i]->name);
    for (size_t i = 0; i < c->dependencies.count; i++)
        if (!has_chart(c, c->dependencies.items[i].name))
            put_name(&missing, c->dependencies.items[i].name);
    if (unlisted.len > 0)
        lint_add(f, LINT_ERROR, chart->label, "chart metadata is missing these dependencies: %.*s",
                 STR_ARG(buf_str(&unlisted)));
    if (missing.len > 0)
        lint_add(f, LINT_WARNING, chart->label,
                 "chart directory is missing these dependencies: %.*s", STR_ARG(buf_str(&missing)));
}

/* Dependencies and CRDs, of the chart as it is written. */
static struct err *lint_parts(struct lint_findings *f, const struct lint_chart *chart)
{
    struct helm_files crds = VEC_INIT;
    struct str path = STR("crds/");
    struct err *e, *load_error;
    struct helm_chart *c;
    enum tree_kind kind;

    if (TRY(&e, kind_of(f->arena, chart, "crds", &kind)))
        return e;
    load_error = helm_chart_load(f->arena, chart->tree, chart->folder, chart->archives, &c);
    if (load_error)
        lint_add(f, LINT_ERROR, STR(""), "unable to load chart\n\t%.*s",
                 STR_ARG(load_fault(f->arena, load_error)));
    else
        lint_dependencies(f, chart, c);
    if (kind == TREE_ABSENT)
        return NULL;
    if (kind != TREE_DIR) {
        lint_add(f, LINT_ERROR, path, "not a directory");
    } else if (load_error) {
        lint_add(f, LINT_ERROR, path, "%.*s", STR_ARG(load_fault(f->arena, load_error)));
    } else {
        helm_chart_crds(f->arena, c, &crds);
        lint_crds(f, &crds);
    }
    return NULL;
}

struct err *helm_lint(struct arena *a, const struct lint_chart *chart, struct lint_findings *ret,
                      struct lint_findings *ret_extra)
{
    enum tree_kind kind;
    struct str text;
    struct err *e;

    *ret = (struct lint_findings){ .arena = a };
    *ret_extra = (struct lint_findings){ .arena = a };
    if (TRY(&e, kind_of(a, chart, "Chart.yaml", &kind)))
        return e;
    if (kind == TREE_DIR)
        lint_add(ret, LINT_ERROR, STR("Chart.yaml"), "should be a file, not a directory");
    if (TRY(&e, read_text(a, chart, "Chart.yaml", &text)))
        lint_add(ret, LINT_ERROR, STR("Chart.yaml"), "unable to parse YAML\n\t%.*s",
                 STR_ARG(err_line(a, e)));
    else
        (void)lint_chart_file(ret, text);
    if (TRY(&e, lint_values(ret, chart)) || TRY(&e, lint_templates(ret, chart, ret_extra)))
        return e;
    return lint_parts(ret, chart);
}
