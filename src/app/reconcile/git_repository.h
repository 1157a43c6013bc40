/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/git_repository.h - use-case: a GitRepository becomes an artifact.
 *
 * Runs on a stage worker. An unchanged reference costs one ls-remote and no write, a pinned commit nothing. Reasons,
 * messages and the grammar of revisions are source-controller's 1.9.
 */
#ifndef APP_RECONCILE_GIT_REPOSITORY_H
#define APP_RECONCILE_GIT_REPOSITORY_H

#include "app/reconcile/git_include.h"
#include "app/reconcile/outcome.h"

struct git_repository_input {
    const struct val *object;
    struct git_includes includes;
    bool verify_storage; /* the artifact's file is read and checked, as after a start */
};

/* How long its Git operations may take. */
int64_t git_repository_timeout_ns(const struct val *object);

/* Never fails: what went wrong is in the object's conditions and in the outcome's kind. */
void git_repository_reconcile(const struct reconcile_ports *ports, struct run *run,
                              const struct git_repository_input *in, struct outcome *ret);

#endif
