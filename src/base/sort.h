/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/sort.h - a stable sort of an array: equals stay in their order. n log n whatever the input, no recursion.
 */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Sorts `count` items of `size` bytes in place, with as much room from the arena. before: x belongs strictly before y. */
void sort_stable(struct arena *a, void *items, size_t count, size_t size,
                 bool (*before)(const void *x, const void *y));

#endif
