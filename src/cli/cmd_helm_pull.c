/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_pull.h"

#include "cli/chart_access.h"

struct err *cmd_helm_pull(const struct cli *cli, const struct invocation *in)
{
    struct chart_pull how = { .folder = flag_text(in, "destination"),
                              .untar_folder = flag_text(in, "untardir"),
                              .untar = flag_is_set(in, "untar"),
                              .with_provenance = flag_is_set(in, "prov"),
                              .verify = flag_is_set(in, "verify"),
                              .keyring = chart_access_keyring(cli, in) };
    struct arena *a = cli->run->arena;
    struct chart_request request;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(a, ERR_INVALID,
                       "name the charts: NAME with --repo, REPOSITORY/NAME, a URL or oci://...");
    chart_access_read(cli, in, &request);
    if (request.version.len == 0 && flag_is_set(in, "devel"))
        request.version = STR(">0.0.0-0");
    for (size_t i = 0; i < in->argument_count; i++)
        if (TRY(&e, cli->charts.ops->pull(cli->charts.self, cli->run, &request, in->arguments[i],
                                          &how)))
            return e;
    return NULL;
}

struct err *cmd_helm_push(const struct cli *cli, const struct invocation *in)
{
    struct chart_request request;

    if (in->argument_count != 2)
        return err_new(cli->run->arena, ERR_INVALID,
                       "name a packed chart and where it goes: web-1.2.3.tgz "
                       "oci://registry.example.com/charts");
    chart_access_read(cli, in, &request);
    return cli->registries.ops->push(cli->registries.self, cli->run, &request, in->arguments[0],
                                     in->arguments[1]);
}

struct err *cmd_helm_verify(const struct cli *cli, const struct invocation *in)
{
    struct chart_request request;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID,
                       "name a packed chart that has its .prov file beside it");
    chart_access_read(cli, in, &request);
    return cli->charts.ops->verify(cli->charts.self, cli->run, &request, in->arguments[0],
                                   chart_access_keyring(cli, in));
}
