/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/objects.h - a commit's folder read from git objects, without a work tree.
 */
#ifndef ADAPTERS_GIT_CLI_OBJECTS_H
#define ADAPTERS_GIT_CLI_OBJECTS_H

#include "adapters/git_cli/command.h"

/*
 * Files of commit `id` in memory; `base` gives options and git_dir; `only` NULL: all. Symbolic links and submodules are left out, as Flux leaves
 * them out of artifacts. ERR_INVALID: an entry named "..", ".git" or the like; ERR_TOO_LARGE: LIMIT_ARTIFACT_*.
 */
MUST_CHECK struct err *git_objects_tree(struct run *r, const struct git_command *base,
                                        struct str id, const struct git_selection *only,
                                        struct tree *ret);

#endif
