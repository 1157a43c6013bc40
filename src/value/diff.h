/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/diff.h - what differs between two trees, as a list of JSON Pointers with both sides.
 */
#ifndef VALUE_DIFF_H
#define VALUE_DIFF_H

#include "base/vec.h"
#include "value/val.h"

struct diff_entry {
    struct str pointer;       /* RFC 6901 */
    const struct val *before; /* NULL: added */
    const struct val *after;  /* NULL: removed */
};

struct diff {
    struct diff_entry *items; /* in key order of `before`, then keys only in `after` */
    size_t count;
    size_t cap;
};

/* Maps are compared key by key, sequences position by position. */
struct diff diff_of(struct arena *a, const struct val *before, const struct val *after);

#endif
