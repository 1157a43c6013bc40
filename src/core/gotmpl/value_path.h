/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/value_path.h - where a map is in the tree of a context: maps are references, so one that a template holds can be
 * found again. For messages and for explaining.
 */
#ifndef CORE_GOTMPL_VALUE_PATH_H
#define CORE_GOTMPL_VALUE_PATH_H

#include "base/buf.h"
#include "base/vec.h"
#include "core/gotmpl/value.h"

/* One step down: a key of a map, or an index into a list. */
struct value_part {
    struct str key; /* ptr NULL: an index */
    size_t index;
};

struct value_path {
    struct value_part *items;
    size_t count;
    size_t cap;
};

/*
 * Values, image for a map below `root` (its key Values first); nothing for the root itself. false: it is not there, or deeper than
 * LIMIT_TREE_DEPTH or behind 100,000 others.
 */
bool value_path_find(struct arena *a, struct go_map *root, const struct go_map *wanted,
                     struct value_path *ret);

/* ".Values.hosts[0].name"; a key that is no identifier in quotes: `.Values."a.b"`. */
void value_path_put(struct buf *out, const struct value_path *path);
void value_path_put_key(struct buf *out, struct str key);

/*
 * The key below `root` that `name` was most likely meant to be: ".Values.image.tag" for "tagg" in `near` (which is at
 * `near_path`), else one of exactly that name anywhere below `near`. "": nothing is alike.
 */
struct str value_path_guess(struct arena *a, struct go_map *near, struct str near_path,
                            struct str name);

#endif
