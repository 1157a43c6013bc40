/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/git_access.h - from a GitRepository's spec to what the git port needs: remote, credentials, reference.
 */
#ifndef APP_RECONCILE_GIT_ACCESS_H
#define APP_RECONCILE_GIT_ACCESS_H

#include "app/reconcile/ports.h"

/* Reads spec.secretRef. ERR_NOT_FOUND, ERR_INVALID: the secret; messages name it, never its content. */
MUST_CHECK struct err *git_access_remote(const struct reconcile_ports *ports, struct run *run,
                                         const struct val *object, struct git_remote *ret);

struct git_checkout {
    struct str ref;    /* to ask the remote for: refs/heads/main; "" when only a commit is given */
    struct str commit; /* spec.ref.commit; "" otherwise */
    bool absolute;     /* spec.ref.name: revisions show the whole reference */
};

/* ERR_UNSUPPORTED: spec.ref.semver. */
MUST_CHECK struct err *git_access_checkout(struct arena *a, const struct val *object,
                                           struct git_checkout *ret);

/* The URL without a password in it, for messages. */
struct str git_shown_url(struct arena *a, struct str url);

/* "main@sha1:<id>", "refs/pull/1/head@sha1:<id>", "sha1:<id>". */
struct str git_revision(struct arena *a, const struct git_checkout *c, struct str id);

#endif
