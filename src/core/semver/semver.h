/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/semver/semver.h - semantic versions and constraints as Masterminds/semver v3.5 reads them: Helm's and Flux' rules.
 *
 * Versions may lack parts ("1.2", "v1"). A constraint is groups joined by "||", each a list of comparisons ("," or
 * space). A pre-release satisfies a group only where the group itself names one.
 */
#ifndef CORE_SEMVER_SEMVER_H
#define CORE_SEMVER_SEMVER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { SEMVER_VERSION_BYTES_MAX = 256, SEMVER_CONSTRAINT_BYTES_MAX = 512, SEMVER_GROUPS_MAX = 32 };

struct semver {
    uint64_t major, minor, patch;
    struct str pre;      /* "beta.1", "": a release */
    struct str metadata; /* "build.5" */
    struct str original; /* as given */
};

/* NULL, or what is wrong, in Masterminds' words. Texts point into `s`. */
const char *semver_parse(struct str s, struct semver *ret);

/* A version by the standard's own grammar: three parts, no "v", no leading zeros. */
bool semver_is_strict(struct str s);

/* Precedence (metadata is ignored): negative, 0 or positive. */
int semver_compare(const struct semver *a, const struct semver *b);

struct str semver_format(struct arena *a, const struct semver *v); /* 1.2.3-pre+metadata */

/* The text as a pre-release or metadata; NULL, or what is wrong. */
const char *semver_check_pre(struct str s);
const char *semver_check_metadata(struct str s);

struct semver_constraints;

/* ERR_INVALID, in Masterminds' words: improper constraint: "...". */
MUST_CHECK struct err *semver_constraints_parse(struct arena *a, struct str s,
                                                struct semver_constraints **ret);
bool semver_satisfies(const struct semver_constraints *c, const struct semver *v);

#endif
