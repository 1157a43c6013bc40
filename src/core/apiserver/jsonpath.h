/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/jsonpath.h - the JSONPath of printer columns and selectable fields.
 *
 * .a.b, ['a'], [n], [*], .., and filters [?(@.type=="Ready")] with ==, !=, <, <=, >, >= and existence. Source of truth: client-go
 * util/jsonpath.
 */
#ifndef CORE_APISERVER_JSONPATH_H
#define CORE_APISERVER_JSONPATH_H

#include "value/val.h"

struct jsonpath_matches {
    const struct val **items;
    size_t count;
    size_t cap;
};

/* False: the path is malformed. Steps that lead nowhere give no matches. */
bool jsonpath_find(struct arena *a, const struct val *root, struct str path,
                   struct jsonpath_matches *ret);

#endif
