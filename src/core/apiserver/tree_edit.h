/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/tree_edit.h - the same edit at every place that a path with lists names.
 *
 * A path is dotted field names; "[]" after a name stands for every item of the list: "spec.containers[].ports[]".
 */
#ifndef CORE_APISERVER_TREE_EDIT_H
#define CORE_APISERVER_TREE_EDIT_H

#include "value/val.h"

/* Gives the map that takes the place of `map`; `map` itself when nothing changes. */
typedef const struct val *tree_edit_fn(struct arena *a, const struct val *map, const void *ctx);

/* The root with fn applied to every map at `path`; places that are not there, or hold no map, are left alone. */
const struct val *tree_edit(struct arena *a, const struct val *root, struct str path,
                            tree_edit_fn *fn, const void *ctx);

/* Calls fn for every map at `path` with its place as text: "spec.containers[0]". */
typedef void tree_visit_fn(struct arena *a, const struct val *map, struct str place, void *ctx);
void tree_visit(struct arena *a, const struct val *root, struct str path, struct str place,
                tree_visit_fn *fn, void *ctx);

#endif
