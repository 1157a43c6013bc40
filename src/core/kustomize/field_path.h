/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/field_path.h - paths of vars and replacements: "spec.containers.[name=web].env.0.value".
 *
 * Parts are separated by dots ("\." is a dot in a key, "[a.b]" a key with dots); a number or "key[0]" is an index, "-"
 * the last item, "[key=value]" items with that value (a regular expression in targets), "[=value]" scalar items, "*"
 * every item.
 */
#ifndef CORE_KUSTOMIZE_FIELD_PATH_H
#define CORE_KUSTOMIZE_FIELD_PATH_H

#include "core/kustomize/resource.h"

/* Parts of a path. With `indexes`, "key[0]" is cut in two. */
struct kust_strs kust_field_path(struct arena *a, struct str path, bool indexes);

/* "[name=web]": true, and what is before and after the "=". */
bool kust_field_part_match(struct str part, struct str *ret_key, struct str *ret_value);

/* The first value at the path, or NULL. */
const struct val *kust_field_get(struct arena *a, const struct val *v, struct str path);
const struct val *kust_field_lookup(struct arena *a, const struct val *v,
                                    const struct kust_strs *parts);

#endif
