/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/tree_cache.h - artifacts that were read and verified, kept for the next reader: many Kustomizations build from one
 * artifact, and unpacking it for each is what makes commit storms slow.
 *
 * Thread-safe. A tree is shared while it is in use and for as long as it is among the last few.
 */
#ifndef ADAPTERS_FS_POSIX_TREE_CACHE_H
#define ADAPTERS_FS_POSIX_TREE_CACHE_H

#include "core/tree.h"

struct tree_cache;

struct tree_cache *tree_cache_new(void);
void tree_cache_free(struct tree_cache *c); /* no tree is in use; NULL is fine */

/* True: *ret is the tree kept under `key`, valid until the arena ends. */
bool tree_cache_find(struct tree_cache *c, struct arena *a, struct str key, struct tree *ret);

/* Keeps a tree that lives wholly in `home`, which the cache takes over; *ret is valid until `a` ends. */
void tree_cache_keep(struct tree_cache *c, struct arena *a, struct str key, struct arena *home,
                     const struct tree *tree, struct tree *ret);

#endif
