/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/heap.h - memory that outlives a unit of work: caches and observed state. Counted, with a named owner.
 *
 * Used by app/engine alone in app; everything else lives in arenas. A heap belongs to one thread. Sizes are given back on
 * freeing, so that the count is exact and costs nothing to keep.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include "base/str.h"

struct heap {
    const char *owner; /* for messages: "engine" */
    size_t used;       /* bytes */
    size_t budget;     /* 0: none */
};

/* Zeroed; aborts when memory is exhausted. */
void *heap_alloc(struct heap *h, size_t size) __attribute__((returns_nonnull));
void heap_free(struct heap *h, void *ptr, size_t size); /* NULL is fine */

struct str heap_str(struct heap *h, struct str s); /* a copy */
void heap_str_free(struct heap *h, struct str s);

bool heap_over_budget(const struct heap *h);

#endif
