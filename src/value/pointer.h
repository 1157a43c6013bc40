/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/pointer.h - JSON Pointer (RFC 6901) and edits along one.
 */
#ifndef VALUE_POINTER_H
#define VALUE_POINTER_H

#include "base/err.h"
#include "value/val.h"

struct pointer {
    const struct str *tokens; /* unescaped */
    size_t count;
};

/* "" is the root; else it begins with "/". ERR_INVALID: no leading slash, "~" not followed by 0 or 1. */
MUST_CHECK struct err *pointer_parse(struct arena *a, struct str text, struct pointer *ret);
struct str pointer_format(struct arena *a, const struct pointer *p);

/* NULL when a step is missing. Array indexes are decimal without leading zeros. */
const struct val *pointer_get(const struct val *root, const struct pointer *p);

/* New root with the value at p set; parents must exist; "-" or index == count appends. ERR_INVALID else. */
MUST_CHECK struct err *pointer_set(struct arena *a, const struct val *root, const struct pointer *p,
                                   const struct val *value, const struct val **ret);
MUST_CHECK struct err *pointer_remove(struct arena *a, const struct val *root,
                                      const struct pointer *p, const struct val **ret);

#endif
