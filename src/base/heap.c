/* SPDX-License-Identifier: Apache-2.0 */
#include "base/heap.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

void *heap_alloc(struct heap *h, size_t size)
{
    void *ptr = calloc(1, size ? size : 1);

    if (!ptr) {
        (void)fprintf(stderr, "weir: out of memory (%s asked for %zu bytes)\n", h->owner, size);
        abort();
    }
    h->used += size;
    return ptr;
}

void heap_free(struct heap *h, void *ptr, size_t size)
{
    if (!ptr)
        return;
    assert(h->used >= size);
    h->used -= size;
    free(ptr);
}

struct str heap_str(struct heap *h, struct str s)
{
    char *copy;

    if (s.len == 0)
        return STR("");
    copy = heap_alloc(h, s.len);
    memcpy(copy, s.ptr, s.len);
    return str_of(copy, s.len);
}

void heap_str_free(struct heap *h, struct str s)
{
    if (s.len > 0)
        heap_free(h, (char *)(uintptr_t)s.ptr, s.len);
}

bool heap_over_budget(const struct heap *h)
{
    return h->budget != 0 && h->used > h->budget;
}
