/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_dependency.h"

#include "cli/chart_access.h"
#include "cli/chart_input.h"
#include "cli/helm_table.h"
#include "core/helm/dependency_status.h"
#include "core/helm/host_path.h"

/* As messages name it: "./web/" is web. */
static struct str chart_folder(const struct cli *cli, const struct invocation *in)
{
    return in->argument_count > 0 ? host_path_clean(cli->run->arena, in->arguments[0]) : STR(".");
}

static struct str charts_folder(struct arena *a, struct str chart)
{
    return str_is(chart, ".") ? STR("charts") : str_concat(a, chart, STR("/charts"));
}

struct err *cmd_helm_dependency_list(const struct cli *cli, const struct invocation *in)
{
    struct arena *a = cli->run->arena;
    struct str path = chart_folder(cli, in);
    struct str folder = charts_folder(a, path);
    bool is_packed = chart_input_is_packed(path);
    struct helm_chart *c;
    struct err *e;

    if (TRY(&e, chart_input_load(cli, path, &c)))
        return e;
    if (!val_get(c->metadata, STR("dependencies"))) {
        cli_print(cli, "WARNING: no dependencies at %.*s\n", STR_ARG(folder));
        return NULL;
    }
    struct helm_row *lines = ARENA_ARRAY(a, c->dependencies.count + 1, struct helm_row);
    lines[0] = (struct helm_row){ { STR("NAME"), STR("VERSION"), STR("REPOSITORY"),
                                    STR("STATUS") } };
    for (size_t i = 0; i < c->dependencies.count; i++) {
        const struct helm_dependency *d = &c->dependencies.items[i];

        lines[i + 1] =
            (struct helm_row){ { d->name, d->version, d->repository,
                                 str_from_cstr(helm_dependency_status(a, c, d, is_packed)) } };
    }
    helm_table_print(cli, lines, c->dependencies.count + 1,
                     (size_t)flag_number(in, "max-col-width"));
    cli_print(cli, "\n");
    for (size_t i = 0; i < c->charts.count && !is_packed; i++)
        if (!helm_dependency_is_listed(c, helm_chart_field(c->charts.items[i], "name")))
            cli_print(cli, "WARNING: \"%.*s/%.*s\" is not in Chart.yaml.\n", STR_ARG(folder),
                      STR_ARG(c->charts.items[i]->entry));
    return NULL;
}

static struct err *prepare(const struct cli *cli, const struct invocation *in,
                           struct chart_request *ret, struct chart_dependencies *ret_how)
{
    if (flag_is_set(in, "verify"))
        return err_new(cli->run->arena, ERR_UNSUPPORTED,
                       "--verify is not built yet: signatures cannot be checked");
    chart_access_read(cli, in, ret);
    *ret_how = (struct chart_dependencies){ .folder = chart_folder(cli, in),
                                            .skip_refresh = flag_is_set(in, "skip-refresh") };
    return NULL;
}

struct err *cmd_helm_dependency_build(const struct cli *cli, const struct invocation *in)
{
    struct chart_dependencies how;
    struct chart_request request;
    struct err *e;

    if (TRY(&e, prepare(cli, in, &request, &how)))
        return e;
    return cli->charts.ops->dependency_build(cli->charts.self, cli->run, &request, &how);
}

struct err *cmd_helm_dependency_update(const struct cli *cli, const struct invocation *in)
{
    struct chart_dependencies how;
    struct chart_request request;
    struct err *e;

    if (TRY(&e, prepare(cli, in, &request, &how)))
        return e;
    return cli->charts.ops->dependency_update(cli->charts.self, cli->run, &request, &how);
}
