/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_lint.h"

#include "base/limits.h"
#include "base/vec.h"
#include "cli/chart_input.h"
#include "core/helm/lint.h"
#include "core/helm/values.h"
#include "core/semver/semver.h"

/* One run of the command over all charts. */
struct job {
    const struct cli *cli;
    const struct invocation *in;
    struct go_map *values;
    struct helm_release_options options;
    enum lint_severity lowest; /* that fails a chart */
    unsigned failed;
    unsigned noticed; /* charts with warnings or errors */
};

static const char *severity_name(enum lint_severity s)
{
    return s == LINT_ERROR ? "ERROR" : s == LINT_WARNING ? "WARNING" : "INFO";
}

static struct err *look(const struct job *j, struct str path, struct lint_findings *ret,
                        struct lint_findings *ret_extra)
{
    struct arena *a = j->cli->run->arena;
    struct chart_place place;
    enum tree_kind kind = TREE_ABSENT;
    struct str file;
    struct err *e;

    e = chart_input_place(j->cli, path, &place);
    if (e && e->code != ERR_NOT_FOUND)
        return err_wrap(a, e, "unable to check Chart.yaml file in chart");
    if (!e && (!tree_path_join(a, place.path, STR("Chart.yaml"), &file) ||
               TRY(&e, tree_stat(&place.tree, a, file, &kind))))
        return err_new(a, ERR_INVALID, "%.*s: no path of a chart", STR_ARG(path));
    if (e || kind == TREE_ABSENT)
        return err_new(a, ERR_NOT_FOUND,
                       "unable to check Chart.yaml file in chart: stat %.*s/Chart.yaml: no such "
                       "file or directory",
                       STR_ARG(str_trim_suffix(path, STR("/"))));
    struct lint_chart chart = { .tree = &place.tree,
                                .folder = place.path,
                                .label = place.absolute,
                                .archives = &place.archives,
                                .values = values_copy(a, j->values),
                                .options = &j->options };
    return helm_lint(a, &chart, ret, ret_extra);
}

/* On standard error, so that what helm prints stays what helm prints. */
static void put_extra(const struct job *j, const struct lint_findings *extra)
{
    for (size_t i = 0; i < extra->count; i++) {
        const struct lint_finding *f = &extra->items[i];

        cli_note(j->cli, "[%s] %.*s: %.*s\n", severity_name(f->severity), STR_ARG(f->path),
                 STR_ARG(f->text));
    }
}

static void lint_one(struct job *j, struct str path)
{
    bool quiet = flag_is_set(j->in, "quiet"), fails = false, noticed = false;
    struct lint_findings findings = { .count = 0 }, extra = { .count = 0 };
    struct err *e = look(j, path, &findings, &extra);

    for (size_t i = 0; i < findings.count; i++) {
        fails = fails || findings.items[i].severity >= j->lowest;
        noticed = noticed || findings.items[i].severity > LINT_INFO;
    }
    j->failed += e || fails;
    j->noticed += e || noticed;
    if (quiet && !e && !noticed)
        return;
    cli_print(j->cli, "==> Linting %.*s\n", STR_ARG(path));
    if (e)
        cli_print(j->cli, "Error %.*s\n", STR_ARG(err_line(j->cli->run->arena, e)));
    for (size_t i = 0; i < findings.count; i++) {
        const struct lint_finding *f = &findings.items[i];

        if (!quiet || f->severity > LINT_INFO)
            cli_print(j->cli, "[%s] %.*s: %.*s\n", severity_name(f->severity), STR_ARG(f->path),
                      STR_ARG(f->text));
    }
    cli_print(j->cli, "\n");
    if (!quiet)
        put_extra(j, &extra);
}

struct paths {
    struct str *items;
    size_t count;
    size_t cap;
};

/* Charts below a folder: those with a Chart.yaml and packed ones, as they come in a walk by name. */
static struct err *find_charts(struct arena *a, const struct tree *tree, struct str folder,
                               struct str shown, unsigned depth, struct paths *into)
{
    struct tree_list list;
    struct err *e;

    if (depth > 2 * LIMIT_CHART_DEPTH)
        return err_new(a, ERR_TOO_LARGE, "%.*s: folders are nested more than %u deep",
                       STR_ARG(shown), 2 * LIMIT_CHART_DEPTH);
    if (TRY(&e, tree_list(tree, a, folder, &list)))
        return e;
    for (size_t i = 0; i < list.count; i++) {
        struct str name = list.items[i].name;
        struct str path = str_printf(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
        struct str below = str_printf(a, "%.*s/%.*s", STR_ARG(shown), STR_ARG(name));

        if (str_is(name, "Chart.yaml"))
            *VEC_PUSH(a, into) = shown;
        else if (chart_input_is_packed(name))
            *VEC_PUSH(a, into) = below;
        if (list.items[i].kind == TREE_DIR &&
            TRY(&e, find_charts(a, tree, path, below, depth + 1, into)))
            return e;
    }
    return NULL;
}

/* What cannot be looked into has no sub-charts: linting it tells why. */
static struct err *add_subcharts(const struct cli *cli, struct str chart, struct paths *into)
{
    struct arena *a = cli->run->arena;
    struct str folder, shown = chart;
    struct chart_place place;
    enum tree_kind kind;

    while (shown.len > 1 && str_has_suffix(shown, STR("/")))
        shown.len--;
    shown = str_concat(a, str_trim_prefix(shown, STR("./")), STR("/charts"));
    if (chart_input_is_packed(chart) || chart_input_place(cli, chart, &place) ||
        !tree_path_join(a, place.path, STR("charts"), &folder) ||
        tree_stat(&place.tree, a, folder, &kind) || kind != TREE_DIR)
        return NULL;
    return find_charts(a, &place.tree, folder, shown, 0, into);
}

static struct err *paths_of(const struct cli *cli, const struct invocation *in, struct paths *ret)
{
    struct err *e;

    for (size_t i = 0; i < in->argument_count; i++)
        *VEC_PUSH(cli->run->arena, ret) = in->arguments[i];
    for (size_t i = 0; flag_is_set(in, "with-subcharts") && i < in->argument_count; i++)
        if (TRY(&e, add_subcharts(cli, in->arguments[i], ret)))
            return e;
    return NULL;
}

struct err *cmd_helm_lint(const struct cli *cli, const struct invocation *in)
{
    struct host host = cli->session.ops->host(cli->session.self);
    struct arena *a = cli->run->arena;
    struct job j = { .cli = cli,
                     .in = in,
                     .lowest = flag_is_set(in, "strict") ? LINT_WARNING : LINT_ERROR,
                     .options = { .name = STR("test-release"),
                                  .ns = flag_text(in, "namespace"),
                                  .kube_version = flag_text(in, "kube-version"),
                                  .skip_schema = flag_is_set(in, "skip-schema-validation"),
                                  .lint = true,
                                  .host = &host } };
    struct paths paths = VEC_INIT;
    struct semver parsed;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(a, ERR_INVALID, "name the charts: folders or .tgz files");
    if (j.options.kube_version.len > 0 && semver_parse(j.options.kube_version, &parsed))
        return err_new(a, ERR_INVALID, "invalid kube version '%.*s': %s",
                       STR_ARG(j.options.kube_version),
                       semver_parse(j.options.kube_version, &parsed));
    if (TRY(&e, chart_input_values(cli, in, &j.values)) || TRY(&e, paths_of(cli, in, &paths)))
        return e;
    for (size_t i = 0; i < paths.count; i++)
        lint_one(&j, paths.items[i]);
    if (j.failed > 0)
        return err_new(a, ERR_INVALID, "%zu chart(s) linted, %u chart(s) failed", paths.count,
                       j.failed);
    if (!flag_is_set(in, "quiet") || j.noticed > 0)
        cli_print(cli, "%zu chart(s) linted, 0 chart(s) failed\n", paths.count);
    return NULL;
}
