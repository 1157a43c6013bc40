/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/git_cli/command.h"

#include "adapters/git_cli/failure.h"
#include "adapters/git_cli/setup.h"

static struct err *run_prepared(struct run *r, const struct git_command *c, struct git_setup *s,
                                struct process_result *ret)
{
    struct process_spec spec = {
        .argv = s->argv,
        .env = s->env,
        .input = c->input,
        .output_max = c->output_max ? c->output_max : LIMIT_CHILD_OUTPUT_BYTES,
        .file_max = LIMIT_GIT_PACK_BYTES,
    };
    const struct process *process = c->options->process;

    return process->ops->run(process->self, r, &spec, ret);
}

struct err *git_command_run(struct run *r, const struct git_command *c, struct str *ret_output)
{
    struct process_result result = { 0 };
    struct git_setup s;
    struct err *e = git_setup_prepare(r, c, &s);

    if (!e)
        e = run_prepared(r, c, &s, &result);
    git_setup_done(&s);
    if (e && e->code == ERR_TIMEOUT && c->remote)
        return err_new(r->arena, ERR_TIMEOUT,
                       "context deadline exceeded: git %s did not end in time", c->args[0]);
    if (e)
        return e;
    if (result.exit_status != 0)
        return git_failure(r->arena, c, result.exit_status, result.error);
    *ret_output = result.output;
    return NULL;
}
