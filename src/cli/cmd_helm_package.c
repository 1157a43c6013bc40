/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_package.h"

#include "cli/chart_input.h"
#include "core/helm/package.h"

static struct err *package_one(const struct cli *cli, const struct invocation *in, struct str chart,
                               struct str folder)
{
    const struct session *session = &cli->session;
    struct helm_package_options options = { .version = flag_text(in, "version"),
                                            .app_version = flag_text(in, "app-version") };
    struct arena *a = cli->run->arena;
    struct helm_chart *c;
    struct tree tree;
    struct str file;
    struct err *e;

    if (chart_input_is_packed(chart))
        return err_new(a, ERR_INVALID, "\"%.*s\" is packed already: name a chart's folder",
                       STR_ARG(chart));
    if (TRY(&e, chart_input_load(cli, chart, &c)) ||
        TRY(&e, helm_package(a, c, &options, &tree, &file)))
        return e;
    struct str path = str_printf(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(file));
    if (TRY(&e, session->ops->write_archive(session->self, a, path, &tree)))
        return e;
    cli_print(cli, "Successfully packaged chart and saved it to: %.*s\n", STR_ARG(path));
    return NULL;
}

struct err *cmd_helm_package(const struct cli *cli, const struct invocation *in)
{
    const struct session *session = &cli->session;
    struct str folder = flag_text(in, "destination"), absolute;
    struct arena *a = cli->run->arena;
    struct tree tree;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(a, ERR_INVALID, "name the charts' folders");
    if (TRY(&e, session->ops->make_folder(session->self, a, folder)))
        return e;
    if (str_is(folder, ".")) { /* helm names this one in full */
        if (TRY(&e, session->ops->open_tree(session->self, a, folder, &tree, &absolute)))
            return e;
        folder = str_concat(a, STR("/"), absolute);
    }
    folder = str_trim_suffix(folder, STR("/"));
    for (size_t i = 0; i < in->argument_count; i++)
        if (TRY(&e, package_one(cli, in, in->arguments[i], folder)))
            return e;
    return NULL;
}
