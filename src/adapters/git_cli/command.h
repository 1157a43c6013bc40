/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/command.h - one call of the git program: arguments, locked environment, words for its failures.
 */
#ifndef ADAPTERS_GIT_CLI_COMMAND_H
#define ADAPTERS_GIT_CLI_COMMAND_H

#include "adapters/git_cli/git_cli.h"
#include "base/limits.h"
#include "base/vec.h"

struct git_command {
    const struct git_cli_options *options;
    const struct git_remote *remote; /* NULL: a local command */
    const char *git_dir;             /* NULL: none */
    const char *args[16];            /* NULL-terminated, without "git" */
    struct str input;
    size_t output_max; /* 0: LIMIT_CHILD_OUTPUT_BYTES */
};

/*
 * Runs it. ERR_INVALID: the URL, or objects that Git refuses; ERR_UNAUTHORIZED, ERR_FORBIDDEN, ERR_NOT_FOUND,
 * ERR_UNAVAILABLE, ERR_TIMEOUT, ERR_TOO_LARGE by what git said; ERR_INTERNAL: a local command failed. The message ends in
 * git's own words.
 */
MUST_CHECK struct err *git_command_run(struct run *r, const struct git_command *c,
                                       struct str *ret_output);

#endif
