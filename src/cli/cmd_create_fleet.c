/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_create.h"
#include "cli/create.h"
#include "core/fleet/scaffold.h"

static struct names list_of(const struct cli *cli, const struct invocation *in, const char *flag)
{
    struct names names = { 0 };
    struct str rest = flag_text(in, flag), each;
    struct {
        struct str *items;
        size_t count, cap;
    } all = { 0 };

    while (rest.len > 0 && str_cut(&rest, ',', &each))
        *VEC_PUSH(cli->run->arena, &all) = each;
    names.items = all.items;
    names.count = all.count;
    return names;
}

static struct err *check_empty(const struct cli *cli, struct str folder)
{
    const struct session *session = &cli->session;
    struct arena *a = cli->run->arena;
    struct tree_list list;
    struct tree tree;
    struct str path;
    struct err *e;

    if (session->ops->open_tree(session->self, a, folder, &tree, &path))
        return NULL; /* there is none yet */
    if (TRY(&e, tree_list(&tree, a, path, &list)))
        return e;
    if (list.count == 0)
        return NULL;
    return err_new(a, ERR_ALREADY_EXISTS,
                   "%.*s is not empty: --force writes into it, over files of the same names",
                   STR_ARG(folder));
}

static struct err *write_file(const struct cli *cli, struct str folder,
                              const struct scaffold_file *file)
{
    const struct session *session = &cli->session;
    struct arena *a = cli->run->arena;
    struct str path = str_printf(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(file->path));
    struct err *e;

    if (TRY(&e, session->ops->make_folder(session->self, a,
                                          str_slice(path, 0, str_rfind_byte(path, '/')))))
        return e;
    return session->ops->write_file(session->self, a, path, file->text);
}

struct err *cmd_create_fleet(const struct cli *cli, const struct invocation *in)
{
    struct scaffold_options options = {
        .source = flag_text(in, "source"),
        .registry = flag_text(in, "registry"),
        .clusters = list_of(cli, in, "clusters"),
        .apps = list_of(cli, in, "apps"),
        .infrastructure = list_of(cli, in, "infrastructure"),
    };
    struct str folder, first = options.clusters.items ? options.clusters.items[0] : STR("");
    struct scaffold files;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "name the folder of the new fleet");
    folder = in->arguments[0];
    if (TRY(&e, scaffold_fleet(cli->run->arena, &options, &files)) ||
        (!flag_is_set(in, "force") && TRY(&e, check_empty(cli, folder))))
        return e;
    for (size_t i = 0; i < files.count; i++)
        if (TRY(&e, write_file(cli, folder, &files.items[i])))
            return e;
    cli_note(cli,
             "✔ %zu files in %.*s\n► next: commit them, and see what a cluster gets by\n"
             "  weir kustomize build %.*s/apps/%.*s\n",
             files.count, STR_ARG(folder), STR_ARG(folder), STR_ARG(first));
    return NULL;
}
