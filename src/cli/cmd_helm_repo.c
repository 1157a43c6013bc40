/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_repo.h"

#include "cli/chart_access.h"
#include "cli/helm_table.h"
#include "value/json.h"
#include "value/yaml.h"

enum { PASSWORD_BYTES_MAX = 64 * 1024 };

/* From standard input, without the newline at its end. */
static struct err *read_password(const struct cli *cli, struct secret *ret)
{
    struct arena *a = cli->run->arena;
    struct str text;
    struct err *e;

    if (TRY(&e,
            cli->session.ops->read_file(cli->session.self, a, STR("-"), PASSWORD_BYTES_MAX, &text)))
        return e;
    text = str_trim_suffix(str_trim_suffix(text, STR("\n")), STR("\r"));
    *ret = secret_new(a, text);
    return NULL;
}

static struct err *ask_not(struct arena *a)
{
    return err_new(a, ERR_INVALID,
                   "a password is wanted: give it with --password-stdin; weir does not ask at the "
                   "terminal");
}

struct err *cmd_helm_repo_add(const struct cli *cli, const struct invocation *in)
{
    struct chart_repository own;
    struct chart_request request;
    struct err *e;

    if (in->argument_count < 2)
        return err_new(cli->run->arena, ERR_INVALID,
                       "name the repository and its URL: weir helm repo add NAME URL");
    chart_access_read(cli, in, &request);
    own = (struct chart_repository){ in->arguments[0], in->arguments[1] };
    if (request.access.username.len > 0 && !secret_is_set(request.access.password)) {
        e = flag_is_set(in, "password-stdin") ? read_password(cli, &request.access.password)
                                              : ask_not(cli->run->arena);
        if (e)
            return e;
    }
    return cli->charts.ops->repository_add(cli->charts.self, cli->run, &request, &own,
                                           flag_is_set(in, "force-update"));
}

static const struct val *listed(struct arena *a, const struct chart_repositories *all)
{
    struct seq_builder out;

    seq_builder_init(&out, a);
    for (size_t i = 0; i < all->count; i++)
        seq_builder_add(&out, val_map_of(a, "name", val_string(a, all->items[i].name), "url",
                                         val_string(a, all->items[i].url), NULL));
    return seq_builder_done(&out, NULL);
}

struct err *cmd_helm_repo_list(const struct cli *cli, const struct invocation *in)
{
    struct str format = flag_text(in, "output");
    struct arena *a = cli->run->arena;
    struct chart_repositories all;
    struct chart_request request;
    struct helm_row *rows;
    size_t count = 0;

    chart_access_read(cli, in, &request);
    if (cli->charts.ops->repositories(cli->charts.self, cli->run, &request, &all))
        all.count = 0; /* as helm: a file that cannot be read has none */
    if (str_is(format, "json"))
        cli_print(cli, "%.*s\n",
                  STR_ARG(json_string(a, listed(a, &all), JSON_COMPACT | JSON_ESCAPE_HTML)));
    if (str_is(format, "yaml"))
        cli->write(cli->self, 1, yaml_string(a, listed(a, &all), YAML_WRITE_DEFAULT));
    if (!str_is(format, "table"))
        return NULL;
    if (all.count == 0) {
        cli_note(cli, "no repositories to show\n");
        return NULL;
    }
    rows = ARENA_ARRAY(a, all.count + 1, struct helm_row);
    if (!flag_is_set(in, "no-headers"))
        rows[count++] = (struct helm_row){ { STR("NAME"), STR("URL") } };
    for (size_t i = 0; i < all.count; i++)
        rows[count++] = (struct helm_row){ { all.items[i].name, all.items[i].url } };
    helm_table_print(cli, rows, count, 0);
    return NULL;
}

struct err *cmd_helm_repo_remove(const struct cli *cli, const struct invocation *in)
{
    struct chart_request request;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "name the repositories");
    chart_access_read(cli, in, &request);
    return cli->charts.ops->repository_remove(cli->charts.self, cli->run, &request, in->arguments,
                                              in->argument_count);
}

struct err *cmd_helm_repo_update(const struct cli *cli, const struct invocation *in)
{
    struct chart_request request;

    chart_access_read(cli, in, &request);
    return cli->charts.ops->repository_update(cli->charts.self, cli->run, &request, in->arguments,
                                              in->argument_count);
}

struct err *cmd_helm_repo_index(const struct cli *cli, const struct invocation *in)
{
    struct chart_index how = { .url = flag_text(in, "url"),
                               .merge = flag_text(in, "merge"),
                               .as_json = flag_is_set(in, "json") };
    struct chart_request request;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "name the folder with the archives");
    how.folder = in->arguments[0];
    chart_access_read(cli, in, &request);
    return cli->charts.ops->repository_index(cli->charts.self, cli->run, &request, &how);
}

struct err *cmd_helm_registry_login(const struct cli *cli, const struct invocation *in)
{
    struct arena *a = cli->run->arena;
    struct chart_request request;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(a, ERR_INVALID, "name the registry: its host, with a port if it has one");
    chart_access_read(cli, in, &request);
    request.access.skip_verify = flag_is_set(in, "insecure");
    if (flag_is_set(in, "password-stdin")) {
        if (TRY(&e, read_password(cli, &request.access.password)))
            return e;
    } else if (!secret_is_set(request.access.password)) {
        return ask_not(a);
    } else {
        cli_note(cli, "level=WARN msg=\"using --password via the CLI is insecure. Use "
                      "--password-stdin\"\n");
    }
    return cli->registries.ops->login(cli->registries.self, cli->run, &request, in->arguments[0]);
}

struct err *cmd_helm_registry_logout(const struct cli *cli, const struct invocation *in)
{
    struct chart_request request;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "name the registry: its host");
    chart_access_read(cli, in, &request);
    return cli->registries.ops->logout(cli->registries.self, cli->run, &request, in->arguments[0]);
}
