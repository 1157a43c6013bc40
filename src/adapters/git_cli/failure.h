/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/failure.h - private: what git's (and ssh's) last words mean for us.
 */
#ifndef ADAPTERS_GIT_CLI_FAILURE_H
#define ADAPTERS_GIT_CLI_FAILURE_H

#include "adapters/git_cli/command.h"

/* The error of a command that ended with a status other than 0, standard error in `words`. */
struct err *git_failure(struct arena *a, const struct git_command *c, int exit_status,
                        struct str words) __attribute__((returns_nonnull));

#endif
