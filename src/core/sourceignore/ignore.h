/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sourceignore/ignore.h - which files of a repository do not go into its artifact.
 *
 * Patterns are gitignore's. Lowest priority first: the defaults (version control, pictures and archives, CI files), then
 * .sourceignore of every folder, then spec.ignore. The last pattern that matches decides; what is below an excluded
 * folder is excluded. Source of truth: gitignore(5); fluxcd/pkg sourceignore 0.18.
 */
#ifndef CORE_SOURCEIGNORE_IGNORE_H
#define CORE_SOURCEIGNORE_IGNORE_H

#include "core/tree.h"

struct ignore_pattern {
    struct str domain; /* folder it was written in, "" for the root */
    struct str glob;   /* without "!" and trailing "/" */
    bool include;      /* "!": brings back */
    bool dir_only;
    bool anchored; /* holds a "/": matched against the whole path below the domain */
};

struct ignore_rules {
    struct arena *arena;
    struct ignore_pattern *items;
    size_t count;
    size_t cap;
};

/* With the defaults; more are added behind. */
void ignore_rules_init(struct ignore_rules *r, struct arena *a);

/* Lines of a .sourceignore in folder `domain`, or of spec.ignore with domain "". Comments and blanks are skipped. */
void ignore_rules_add(struct ignore_rules *r, struct str domain, struct str text);

/* Every .sourceignore of the tree. ERR_TOO_LARGE: one is larger than LIMIT_IGNORE_FILE_BYTES, or too deep. */
MUST_CHECK struct err *ignore_rules_load(struct ignore_rules *r, const struct tree *t);

/* Those of one folder and below; the domains are paths of the tree. */
MUST_CHECK struct err *ignore_rules_load_folder(struct ignore_rules *r, const struct tree *t,
                                                struct str folder);

/* The last matching pattern excludes this path itself; folders above it are the caller's walk. */
bool ignore_rules_match(const struct ignore_rules *r, struct str path, bool is_dir);

#endif
