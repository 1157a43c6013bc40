/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/revision_tree.h - a folder of a Git work tree as it was at a revision, read from the repository itself.
 */
#ifndef CLI_REVISION_TREE_H
#define CLI_REVISION_TREE_H

#include "cli/command.h"

struct revision_tree {
    const struct session *session;
    struct kustomize_fetch fetch;
    struct str revision; /* a branch, tag, full commit id or reference; "": HEAD */
};

/* "A..B", either may be empty for HEAD. ERR_INVALID: no "..", or both empty. */
MUST_CHECK struct err *revision_range(struct arena *a, struct str text, struct str *ret_from,
                                      struct str *ret_to);

/* As session's open_tree; `self` is a revision_tree. ERR_NOT_FOUND: dir is in no work tree, or there is no such revision. */
struct err *revision_tree_open(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                               struct str *ret_path);

#endif
