/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/remote.h - URLs of repositories in kustomizations: which repository, which folder, which ref.
 *
 * "https://github.com/org/repo//path?ref=v1", "git@host:org/repo.git/path", "github.com/org/repo/path",
 * "git::https://…", "ssh://…", "file://…". Source of truth: kustomize 5.8's treatment of such URLs, normalisations of
 * github.com included.
 */
#ifndef CORE_KUSTOMIZE_REMOTE_H
#define CORE_KUSTOMIZE_REMOTE_H

#include "base/err.h"

struct kustomize_remote {
    struct str raw;        /* as written */
    struct str repository; /* what `git clone` would be given: URL, or user@host:path */
    struct str path;       /* of the folder in it; "" for its root */
    struct str ref;        /* branch, tag, commit or full ref name; "": HEAD */
    int64_t timeout_ns;    /* 27 s unless ?timeout= says otherwise */
    bool submodules;       /* true unless ?submodules=false */
};

/* False when the text is no URL of a repository, so a path or the address of a file. Results live in the arena. */
bool kustomize_remote_parse(struct arena *a, struct str text, struct kustomize_remote *ret);

/* The repository as a URL git_url_check takes: "git@host:path" becomes "ssh://git@host/path". */
struct str kustomize_remote_url(struct arena *a, const struct kustomize_remote *remote);

#endif
