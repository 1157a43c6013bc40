/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/git/reference.h - which reference a GitRepository follows, which tag a range means, and how revisions show it.
 *
 * Used by app/reconcile. Source of truth: git-check-ref-format(1); source-controller 1.9 (RFC-0005 for revisions).
 */
#ifndef CORE_GIT_REFERENCE_H
#define CORE_GIT_REFERENCE_H

#include "base/err.h"
#include "value/val.h"

struct git_wanted {
    struct str
        ref; /* to ask the remote for: refs/heads/main, HEAD; "": none, or a range's tag, once chosen */
    struct str
        commit; /* spec.ref.commit; with a ref it must be in the ref's history; "": the ref's tip */
    struct str range; /* spec.ref.semver; "" otherwise */
    struct str
        shown; /* what revisions show in front of the id: main, v1.2.0, refs/pull/1/head; "": nothing */
};

/*
 * spec.ref (NULL: none) decoded: commit wins over name, name over tag, tag over semver, semver over branch; the branch
 * is "master" where nothing is said. ERR_INVALID: a name that Git's grammar refuses, or a commit that is no full id.
 */
MUST_CHECK struct err *git_wanted_of(struct arena *a, const struct val *ref,
                                     struct git_wanted *ret);

/* By git check-ref-format, one level ("HEAD") allowed. */
bool git_ref_is_valid(struct str ref);

/* 40 hexadecimal digits. */
bool git_id_is_full(struct str id);

/*
 * Which of `tags` (short names) have the highest version that `range` allows; more than one where they differ in build
 * metadata or spelling alone, and then the youngest commit decides. Indexes go to *ret (room for count), in name order.
 * ERR_INVALID: the range. ERR_NOT_FOUND: no tag is in it.
 */
MUST_CHECK struct err *git_tags_choose(struct arena *a, struct str range, const struct str *tags,
                                       size_t count, size_t *ret, size_t *ret_count);

/* "main@sha1:<id>", "refs/pull/1/head@sha1:<id>", "sha1:<id>". */
struct str git_revision(struct arena *a, struct str shown, struct str id);

/*
 * Whether a sparse checkout has the file: its path begins with one of `prefixes`, as text ("apps" has "apps-old/x" too,
 * which is what source-controller does). A leading "./" of a prefix does not count. No prefixes: every file.
 */
bool git_sparse_has(const struct str *prefixes, size_t count, struct str path);

#endif
