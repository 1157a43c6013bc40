/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz/same_tree.h - equality that a printed tree must keep.
 *
 * val_eq, but for one loss that Go has too: a float beyond 2^53 prints the shortest digits that read back as that
 * float, and digits without a point are an integer, near it but not equal.
 */
#ifndef FUZZ_SAME_TREE_H
#define FUZZ_SAME_TREE_H

#include "value/val.h"

/* Also -0: printed as JSON it keeps a sign that an integer does not have. */
static inline bool has_lossy_float(const struct val *v)
{
    if (v->kind == VAL_FLOAT)
        return v->real > 0x1p53 || v->real < -0x1p53 || v->real == 0;
    for (size_t i = 0; i < val_count(v); i++)
        if (has_lossy_float(v->kind == VAL_MAP ? v->fields[i].value : v->items[i]))
            return true;
    return false;
}

static inline bool same_tree(const struct val *before, const struct val *after)
{
    return val_eq(before, after) ? val_hash(before) == val_hash(after) : has_lossy_float(before);
}

#endif
