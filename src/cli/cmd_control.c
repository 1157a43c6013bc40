/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_control.h"

#include "cli/cluster_command.h"

static struct err *reconcile(const struct cli *cli, const struct invocation *in,
                             const struct flux_kind *kind, bool with_source)
{
    struct progress progress = cluster_command_progress(cli);
    struct reconcile_request req = { .with_source = with_source };
    struct commands commands;
    struct queries queries;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "%s name is required", kind->object);
    req.ref = (struct obj_ref){ kind->gvk.group, kind->gvk.version, kind->gvk.kind,
                                flag_text(in, "namespace"), in->arguments[0] };
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    return commands.ops->reconcile(commands.self, cli->run, &req, &progress);
}

struct err *cmd_reconcile_git(const struct cli *cli, const struct invocation *in)
{
    return reconcile(cli, in, &kind_git_repository, false);
}

struct err *cmd_reconcile_kustomization(const struct cli *cli, const struct invocation *in)
{
    return reconcile(cli, in, &kind_kustomization, flag_is_set(in, "with-source"));
}

static struct err *suspend(const struct cli *cli, const struct invocation *in,
                           const struct flux_kind *kind, bool resume)
{
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
        return err_new(cli->run->arena, ERR_INVALID, "%s name is required", kind->object);
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    return commands.ops->suspend(commands.self, cli->run, &req, &progress);
}

struct err *cmd_suspend_git(const struct cli *cli, const struct invocation *in)
{
    return suspend(cli, in, &kind_git_repository, false);
}

struct err *cmd_suspend_kustomization(const struct cli *cli, const struct invocation *in)
{
    return suspend(cli, in, &kind_kustomization, false);
}

struct err *cmd_resume_git(const struct cli *cli, const struct invocation *in)
{
    return suspend(cli, in, &kind_git_repository, true);
}

struct err *cmd_resume_kustomization(const struct cli *cli, const struct invocation *in)
{
    return suspend(cli, in, &kind_kustomization, true);
}
