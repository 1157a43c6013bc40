/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/git_cli.h - ports/driven/git.h over the git program, locked down.
 *
 * git runs without system or user configuration, without prompts, hooks, filters or credential helpers, with allowed
 * protocols only, with "--" before arguments and a speed limit below which it gives up; ssh without agent, configuration
 * or a host key that the Secret does not name (docs/adr/0014). One bare mirror a URL and credential, fetched shallow; a
 * mirror is a cache and may be deleted at any time.
 */
#ifndef ADAPTERS_GIT_CLI_GIT_CLI_H
#define ADAPTERS_GIT_CLI_GIT_CLI_H

#include "ports/driven/git.h"
#include "ports/driven/process.h"

struct git_cli;

struct git_cli_options {
    const struct process *process; /* borrowed, as all below */
    const char *root;              /* folder for mirrors, made when missing */
    /*
     * NULL, or for a person's command the variables (NAME=value, at most 16, NULL-terminated) with which git finds the
     * user's configuration, credential helpers and SSH keys.
     */
    const char *const *user_env;
    const char *const *proxy_env; /* HTTPS_PROXY=... and the like, at most 8; NULL: none */
};

/* Options are copied, what they point to is not. */
struct git_cli *git_cli_new(const struct git_cli_options *options);
void git_cli_free(struct git_cli *g);
struct git git_cli_port(struct git_cli *g);

#endif
