/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_control.h"

#include "cli/cluster_command.h"

static struct err *name_missing(const struct cli *cli, const struct flux_kind *kind)
{
    return err_new(cli->run->arena, ERR_INVALID,
                   "%.*s name is required: `weir get %ss -A` lists what there is",
                   STR_ARG(kind->gvk.kind), kind->human);
}

struct err *cmd_reconcile(const struct cli *cli, const struct invocation *in)
{
    const struct flux_kind *kind = in->command->kind;
    struct progress progress = cluster_command_progress(cli);
    struct reconcile_request req = { .with_source = flag_is_set(in, "with-source") };
    struct commands commands;
    struct queries queries;
    struct err *e;

    if (in->argument_count == 0)
        return name_missing(cli, kind);
    req.ref = (struct obj_ref){ kind->gvk.group, kind->gvk.version, kind->gvk.kind,
                                flag_text(in, "namespace"), in->arguments[0] };
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    return commands.ops->reconcile(commands.self, cli->run, &req, &progress);
}

static struct err *suspend(const struct cli *cli, const struct invocation *in, bool resume)
{
    const struct flux_kind *kind = in->command->kind;
    struct progress progress = cluster_command_progress(cli);
    struct suspend_request req = {
        .gvk = kind->gvk,
        .ns = flag_text(in, "namespace"),
        .names = in->arguments,
        .name_count = in->argument_count,
        .all = flag_is_set(in, "all") && in->argument_count == 0,
        .resume = resume,
    };
    struct commands commands;
    struct queries queries;
    struct err *e;

    /* One object is waited for unless --wait says otherwise, as flux does. */
    if (resume)
        req.wait = flag_is_given(in, "wait") ? flag_is_set(in, "wait") : in->argument_count == 1;
    if (in->argument_count == 0 && !req.all)
        return name_missing(cli, kind);
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    return commands.ops->suspend(commands.self, cli->run, &req, &progress);
}

struct err *cmd_suspend(const struct cli *cli, const struct invocation *in)
{
    return suspend(cli, in, false);
}

struct err *cmd_resume(const struct cli *cli, const struct invocation *in)
{
    return suspend(cli, in, true);
}
