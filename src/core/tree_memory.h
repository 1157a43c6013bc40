/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/tree_memory.h - a tree in memory: for tests, generated folders, and artifacts that were read whole.
 */
#ifndef CORE_TREE_MEMORY_H
#define CORE_TREE_MEMORY_H

#include "core/tree.h"

struct tree_memory;

struct tree_memory *tree_memory_new(struct arena *a);

/* Adds or replaces a file and the folders above it; path and content are borrowed for the arena's life. */
void tree_memory_put(struct tree_memory *m, struct str path, struct str content, bool executable);

/*
 * Puts what `from` has at `path` (a folder with all in it, or one file) to `to`; contents are shared. Symbolic links are
 * left out. ERR_NOT_FOUND: there is nothing. ERR_TOO_LARGE: nested deeper than LIMIT_PATH_DEPTH.
 */
MUST_CHECK struct err *tree_memory_graft(struct tree_memory *m, struct str to,
                                         const struct tree *from, struct str path);

/* The port over it; read-only use may be shared by threads once all is put. */
struct tree tree_memory_port(struct tree_memory *m, struct str label);

/* `over` in front of `under`: files of `over` win; folders show both. Both outlive the result. */
struct tree tree_overlay(struct arena *a, const struct tree *under, const struct tree *over);

#endif
