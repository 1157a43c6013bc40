/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/setup.h - private: what one git process is started with, and the secrets it may read meanwhile.
 */
#ifndef ADAPTERS_GIT_CLI_SETUP_H
#define ADAPTERS_GIT_CLI_SETUP_H

#include "adapters/git_cli/command.h"

enum { GIT_ARGS_MAX = 64, GIT_ENV_MAX = 160, GIT_SECRET_FILES_MAX = 6 };

struct git_setup {
    struct arena *arena;
    const char *argv[GIT_ARGS_MAX];
    const char *env[GIT_ENV_MAX];
    size_t argc, envc;
    size_t config_count;             /* GIT_CONFIG_KEY_n so far */
    int files[GIT_SECRET_FILES_MAX]; /* memory files, open while git runs */
    size_t file_count;
};

/* Arguments and environment of `c`; git_setup_done is due in any case. As git_command_run fails before git starts. */
MUST_CHECK struct err *git_setup_prepare(struct run *r, const struct git_command *c,
                                         struct git_setup *s);
void git_setup_done(struct git_setup *s);

/* One variable, one entry of configuration (through the environment, so that secrets are in no argument list). */
void git_setup_env(struct git_setup *s, const char *name, struct str value);
void git_setup_config(struct git_setup *s, const char *key, struct str value);

/*
 * A file in memory that only this user can open, by the path returned, while git runs: keys and passwords never reach a
 * disk, and a crash leaves nothing. ERR_IO: the kernel gives none.
 */
MUST_CHECK struct err *git_setup_secret_file(struct git_setup *s, struct str content,
                                             const char **ret_path);

/* How git starts ssh: no configuration, no agent, one identity, one known_hosts. */
MUST_CHECK struct err *git_setup_ssh(struct git_setup *s, const struct git_auth *auth,
                                     bool has_user);

#endif
