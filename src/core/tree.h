/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/tree.h - a read-only folder as core sees it.
 *
 * Behind it is memory (core/tree_memory.h), a disk folder (adapters/fs_posix), git objects (adapters/git_cli)
 * or an artifact. Paths are relative to the root, separated by "/", clean (no ".", "..", empty parts or leading
 * slash); "" is the root itself. An implementation never leaves its root: a symbolic link that points outside is an
 * error that names it.
 */
#ifndef CORE_TREE_H
#define CORE_TREE_H

#include <assert.h>

#include "base/err.h"

enum tree_kind { TREE_ABSENT, TREE_FILE, TREE_DIR, TREE_SYMLINK };

struct tree_entry {
    struct str name; /* one path part */
    enum tree_kind kind;
    bool executable;
};

struct tree_list {
    const struct tree_entry *items; /* sorted by name in byte order */
    size_t count;
};

struct tree_ops {
    /* What is at `path`, symbolic links followed within the root. ERR_FORBIDDEN: a link leaves the root. */
    struct err *(*stat)(void *self, struct arena *a, struct str path, enum tree_kind *ret);
    /* ERR_NOT_FOUND, or ERR_INVALID where it is no folder. Links are listed as TREE_SYMLINK. */
    struct err *(*list)(void *self, struct arena *a, struct str path, struct tree_list *ret);
    /* Whole content, in the arena. ERR_NOT_FOUND, ERR_INVALID for a folder, ERR_TOO_LARGE beyond max bytes. */
    struct err *(*read)(void *self, struct arena *a, struct str path, size_t max, struct str *ret);
    /* Path with every symbolic link resolved, relative to the root. */
    struct err *(*resolve)(void *self, struct arena *a, struct str path, struct str *ret);
};

struct tree {
    const struct tree_ops *ops; /* no entry is NULL */
    void *self;                 /* borrowed; outlives every call */
    struct str label; /* how messages name the root, e.g. the folder given by the user; may be "" */
};

MUST_CHECK static inline struct err *tree_stat(const struct tree *t, struct arena *a,
                                               struct str path, enum tree_kind *ret)
{
    return t->ops->stat(t->self, a, path, ret);
}

MUST_CHECK static inline struct err *tree_list(const struct tree *t, struct arena *a,
                                               struct str path, struct tree_list *ret)
{
    return t->ops->list(t->self, a, path, ret);
}

MUST_CHECK static inline struct err *tree_read(const struct tree *t, struct arena *a,
                                               struct str path, size_t max, struct str *ret)
{
    assert(max > 0);
    return t->ops->read(t->self, a, path, max, ret);
}

MUST_CHECK static inline struct err *tree_resolve(const struct tree *t, struct arena *a,
                                                  struct str path, struct str *ret)
{
    return t->ops->resolve(t->self, a, path, ret);
}

/*
 * `path` seen from folder `base`, cleaned: "../common" from "apps/web" is "apps/common". False when it is absolute
 * or climbs above the root.
 */
bool tree_path_join(struct arena *a, struct str base, struct str path, struct str *ret);

struct str tree_path_dir(struct str path);  /* "a/b" of "a/b/c"; "" at the top */
struct str tree_path_base(struct str path); /* last part */

#endif
