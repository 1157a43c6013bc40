/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include <string.h>

#include "base/arena.h"

/* Merges from[low..middle) and from[middle..high) into `to`, at the same places. */
static void merge(char *to, const char *from, const size_t bounds[3], size_t size,
                  bool (*before)(const void *x, const void *y))
{
    size_t left = bounds[0], right = bounds[1];

    for (size_t i = bounds[0]; i < bounds[2]; i++) {
        bool takes_right = right < bounds[2] &&
                           (left >= bounds[1] || before(from + right * size, from + left * size));

        memcpy(to + i * size, from + (takes_right ? right++ : left++) * size, size);
    }
}

void sort_stable(struct arena *a, void *items, size_t count, size_t size,
                 bool (*before)(const void *x, const void *y))
{
    char *from = items, *to;

    if (count < 2)
        return;
    to = arena_alloc(a, count * size);
    for (size_t width = 1; width < count; width *= 2) {
        char *swap = from;

        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = low + width < count ? low + width : count;
            size_t high = middle + width < count ? middle + width : count;

            merge(to, from, (const size_t[3]){ low, middle, high }, size, before);
        }
        from = to;
        to = swap;
    }
    if (from != (char *)items)
        memcpy(items, from, count * size);
}
