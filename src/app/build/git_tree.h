/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/build/git_tree.h - a commit as a folder, with its submodules when they are asked for.
 *
 * Used for GitRepositories and for remote bases of kustomizations.
 */
#ifndef APP_BUILD_GIT_TREE_H
#define APP_BUILD_GIT_TREE_H

#include "ports/driven/git.h"

struct git_tree_request {
    const struct git *git;
    const struct git_remote *remote;
    struct git_target target;
    struct git_selection
        only; /* no prefixes: every file; submodules below none of them are not fetched */
    bool submodules;
};

/*
 * Brings the commit and reads it; the tree lives in r->arena. Credentials go to submodules of the same server alone.
 * ERR_FORBIDDEN: SubmoduleDenied. ERR_INVALID: SubmoduleInvalid. ERR_TOO_LARGE: LIMIT_SUBMODULE_DEPTH, LIMIT_ARTIFACT_*.
 * Otherwise as the port's fetch and tree.
 */
MUST_CHECK struct err *git_tree_fetch(struct run *r, const struct git_tree_request *request,
                                      struct git_commit *ret_commit, struct tree *ret);

#endif
