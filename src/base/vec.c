/* SPDX-License-Identifier: Apache-2.0 */
#include "base/vec.h"

#include <string.h>

void *vec_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size)
{
    if (count == *cap) {
        size_t grown = *cap ? *cap * 2 : 8;

        items = arena_realloc(a, items, *cap * size, grown * size);
        *cap = grown;
    }
    memset((char *)items + count * size, 0, size);
    return items;
}
