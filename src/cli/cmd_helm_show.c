/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_show.h"

#include "cli/chart_input.h"
#include "value/yaml.h"

enum part { SHOW_CHART = 1, SHOW_VALUES = 2, SHOW_README = 4, SHOW_CRDS = 8, SHOW_ALL = 15 };

static const struct helm_file *find_file(const struct helm_files *files, struct str name)
{
    for (size_t i = 0; i < files->count; i++)
        if (str_eq_nocase(files->items[i].name, name))
            return &files->items[i];
    return NULL;
}

static const struct helm_file *find_readme(const struct helm_chart *c)
{
    static const struct str names[] = { STR_INIT("readme.md"), STR_INIT("readme.txt"),
                                        STR_INIT("readme") };
    const struct helm_file *found = NULL;

    for (size_t i = 0; !found && i < sizeof names / sizeof *names; i++)
        found = find_file(&c->files, names[i]);
    return found;
}

static void put_crds(struct arena *a, struct buf *out, const struct helm_chart *c)
{
    struct helm_files crds = VEC_INIT;

    helm_chart_crds(a, c, &crds);
    for (size_t i = 0; i < crds.count; i++)
        buf_printf(out, "%s%.*s\n", str_has_prefix(crds.items[i].data, STR("---")) ? "" : "---\n",
                   STR_ARG(crds.items[i].data));
}

static struct err *show(const struct cli *cli, const struct invocation *in, enum part parts)
{
    const char *separator = parts == SHOW_ALL ? "---\n" : "";
    struct arena *a = cli->run->arena;
    const struct helm_file *values, *readme;
    struct helm_chart *c;
    struct buf out;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(a, ERR_INVALID, "name the chart: a folder or a .tgz file");
    if (TRY(&e, chart_input_fetch(cli, in, in->arguments[0], &c)))
        return e;
    values = find_file(&c->raw, STR("values.yaml"));
    readme = find_readme(c);
    buf_init(&out, a, 0);
    if (parts & SHOW_CHART)
        buf_printf(&out, "%.*s\n",
                   STR_ARG(yaml_string(a, helm_metadata_shown(a, c), YAML_WRITE_DEFAULT)));
    if ((parts & SHOW_VALUES) && values)
        buf_printf(&out, "%s%.*s\n", separator, STR_ARG(values->data));
    if ((parts & SHOW_README) && readme)
        buf_printf(&out, "%s%.*s\n", separator, STR_ARG(readme->data));
    if (parts & SHOW_CRDS)
        put_crds(a, &out, c);
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

struct err *cmd_helm_show_all(const struct cli *cli, const struct invocation *in)
{
    return show(cli, in, SHOW_ALL);
}

struct err *cmd_helm_show_chart(const struct cli *cli, const struct invocation *in)
{
    return show(cli, in, SHOW_CHART);
}

struct err *cmd_helm_show_values(const struct cli *cli, const struct invocation *in)
{
    return show(cli, in, SHOW_VALUES);
}

struct err *cmd_helm_show_readme(const struct cli *cli, const struct invocation *in)
{
    return show(cli, in, SHOW_README);
}

struct err *cmd_helm_show_crds(const struct cli *cli, const struct invocation *in)
{
    return show(cli, in, SHOW_CRDS);
}
