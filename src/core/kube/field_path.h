/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/field_path.h - one step of a field path: order, text, and its key in FieldsV1.
 */
#ifndef CORE_KUBE_FIELD_PATH_H
#define CORE_KUBE_FIELD_PATH_H

#include "base/buf.h"
#include "core/kube/field_set.h"

/* Total order of scalars as structured-merge-diff sorts them: floats, integers, strings, booleans, the rest. */
int path_value_cmp(const struct val *v, const struct val *w);

/* "f:name", "k:{...}", "v:...", "i:n". */
struct str path_element_key(struct arena *a, const struct path_element *p);

/* False with *e NULL: a kind of key that is not known and is to be dropped. */
bool path_element_of_key(struct arena *a, struct str key, struct path_element *ret, struct err **e);

/* A scalar inside a path or a message: strings quoted as Go's %q. */
void path_value_format(struct buf *out, const struct val *v);

#endif
