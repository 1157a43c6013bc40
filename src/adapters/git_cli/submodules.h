/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/submodules.h - the submodules of a commit in a mirror.
 */
#ifndef ADAPTERS_GIT_CLI_SUBMODULES_H
#define ADAPTERS_GIT_CLI_SUBMODULES_H

#include "adapters/git_cli/command.h"

/* Entries of .gitmodules that have a commit in the tree; none when there is no .gitmodules. */
MUST_CHECK struct err *git_submodules_list(struct run *r, const struct git_command *base,
                                           struct str id, struct git_submodules *ret);

#endif
