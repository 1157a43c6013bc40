/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/git_checkout.h - from a GitRepository's spec to the commit it means and the files of that commit.
 *
 * Two steps, since the first alone tells that nothing has changed. Messages are source-controller's 1.9.
 */
#ifndef APP_RECONCILE_GIT_CHECKOUT_H
#define APP_RECONCILE_GIT_CHECKOUT_H

#include "app/reconcile/ports.h"
#include "core/git/reference.h"

struct git_checkout {
    const struct git *git;
    struct run *run; /* its deadline is spec.timeout's */
    const struct val *object;
    struct git_remote remote;
    struct git_wanted wanted;
    bool observed; /* there is an artifact already: source-controller words failures by that */

    struct str id; /* of the commit; set by resolve, as below */
    struct str revision;
    struct git_commit commit; /* set by fetch */
};

/*
 * Which commit is meant now: one ls-remote, none for a pinned commit. *ret_reason on failure: GitOperationFailed or
 * EmptyGitRepository. ERR_INVALID: the range of versions. Otherwise as the port fails.
 */
MUST_CHECK struct err *git_checkout_resolve(struct git_checkout *c, const char **ret_reason);

/* Its files, restricted to spec.sparseCheckout, with submodules where spec.recurseSubmodules asks. */
MUST_CHECK struct err *git_checkout_fetch(struct git_checkout *c, struct tree *ret);

#endif
