/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/command.h - one call of the git program: arguments, locked environment, words for its failures.
 */
#ifndef ADAPTERS_GIT_CLI_COMMAND_H
#define ADAPTERS_GIT_CLI_COMMAND_H

#include "base/limits.h"
#include "base/vec.h"
#include "ports/driven/git.h"
#include "ports/driven/process.h"

struct git_command {
    const struct process *process;
    const struct git_remote *remote; /* NULL: a local command */
    const char *const *user_env;     /* NULL: locked; else how git finds the user's settings */
    const char *git_dir;             /* NULL: none */
    const char *scratch;  /* folder for short-lived credential files; NULL for local commands */
    const char *args[16]; /* NULL-terminated, without "git" */
    struct str input;
    size_t output_max; /* 0: LIMIT_CHILD_OUTPUT_BYTES */
};

/*
 * Runs it. ERR_INVALID: the URL; ERR_UNAUTHORIZED, ERR_NOT_FOUND, ERR_UNAVAILABLE, ERR_TIMEOUT by what git said; the
 * message ends in git's own words with credentials removed.
 */
MUST_CHECK struct err *git_command_run(struct run *r, const struct git_command *c,
                                       struct str *ret_output);

/* ERR_INVALID: scheme not allowed, host that begins with "-", control characters, embedded password. */
MUST_CHECK struct err *git_url_check(struct arena *a, struct str url, bool allow_file);

#endif
