/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    CHUNK_FIRST = 8 * 1024,
    CHUNK_MAX = 8 * 1024 * 1024,
    HUGE_PAGE = 2 * 1024 * 1024,
    ALIGNMENT = alignof(max_align_t),
};

struct chunk {
    struct chunk *older;
    size_t size; /* bytes behind the header */
    alignas(max_align_t) char bytes[];
};

struct deferred {
    struct deferred *older;
    void (*fn)(void *ptr);
    void *ptr;
};

struct arena {
    struct chunk *newest;
    char *next; /* free part of the newest chunk */
    char *end;
    struct deferred *deferred; /* last one first */
    size_t next_chunk_size;
    size_t used;
    size_t budget; /* 0: none */
};

static void *must_malloc(size_t size)
{
    void *ptr = malloc(size);

    if (!ptr) {
        (void)fprintf(stderr, "weir: out of memory (asked for %zu bytes)\n", size);
        abort();
    }
    return ptr;
}

struct arena *arena_new(size_t budget_bytes)
{
    struct arena *a = must_malloc(sizeof *a);

    *a = (struct arena){ .next_chunk_size = CHUNK_FIRST, .budget = budget_bytes };
    return a;
}

static void run_deferred(struct arena *a)
{
    while (a->deferred) {
        struct deferred *d = a->deferred;

        a->deferred = d->older;
        d->fn(d->ptr);
    }
}

static void free_chunks(struct chunk *c)
{
    while (c) {
        struct chunk *older = c->older;

        free(c);
        c = older;
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    run_deferred(a);
    free_chunks(a->newest);
    free(a);
}

void arena_reset(struct arena *a)
{
    struct chunk *keep;

    run_deferred(a);
    keep = a->newest;
    if (keep) {
        free_chunks(keep->older);
        keep->older = NULL;
        a->next = keep->bytes;
    }
    a->used = 0;
}

static size_t align_up(size_t n)
{
    return (n + (ALIGNMENT - 1)) & ~(size_t)(ALIGNMENT - 1);
}

/* A chunk of its own for what would waste most of a shared one; it goes behind the newest, which stays open. */
static void *alloc_large(struct arena *a, size_t size)
{
    struct chunk *c = must_malloc(sizeof *c + size);

    c->size = size;
    if (a->newest) {
        c->older = a->newest->older;
        a->newest->older = c;
    } else {
        c->older = NULL;
        a->newest = c;
        a->next = a->end = c->bytes + size;
    }
    return c->bytes;
}

/* A work that has come this far goes on: huge pages spare it most of its page faults. A system without them refuses. */
static struct chunk *new_chunk(size_t size)
{
    void *ptr;

    if (sizeof(struct chunk) + size < CHUNK_MAX)
        return must_malloc(sizeof(struct chunk) + size);
    ptr = aligned_alloc(HUGE_PAGE, sizeof(struct chunk) + size);
    if (!ptr)
        return must_malloc(sizeof(struct chunk) + size);
    (void)madvise(ptr, sizeof(struct chunk) + size, MADV_HUGEPAGE);
    return ptr;
}

static void open_chunk(struct arena *a)
{
    size_t size = a->next_chunk_size == CHUNK_MAX ? CHUNK_MAX - sizeof(struct chunk)
                                                  : a->next_chunk_size;
    struct chunk *c = new_chunk(size);

    c->older = a->newest;
    c->size = size;
    a->newest = c;
    a->next = c->bytes;
    a->end = c->bytes + size;
    if (a->next_chunk_size < CHUNK_MAX)
        a->next_chunk_size *= 2;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *ptr;

    if (size > SIZE_MAX / 2) {
        (void)fprintf(stderr, "weir: allocation of %zu bytes refused\n", size);
        abort();
    }
    size = align_up(size ? size : 1);
    a->used += size;
    if ((size_t)(a->end - a->next) < size) {
        if (size >= a->next_chunk_size / 2)
            return alloc_large(a, size);
        open_chunk(a);
    }
    ptr = a->next;
    a->next += size;
    return ptr;
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
    size_t total;
    void *ptr;

    if (__builtin_mul_overflow(count, size, &total))
        total = SIZE_MAX; /* arena_alloc refuses it */
    ptr = arena_alloc(a, total);
    memset(ptr, 0, total);
    return ptr;
}

void *arena_realloc(struct arena *a, void *ptr, size_t old_size, size_t new_size)
{
    char *block = ptr;
    void *copy;

    if (!ptr)
        return arena_alloc(a, new_size);
    if (new_size <= old_size)
        return ptr;
    if (a->next && block + align_up(old_size) == a->next &&
        (size_t)(a->end - block) >= align_up(new_size)) {
        a->used += align_up(new_size) - align_up(old_size);
        a->next = block + align_up(new_size);
        return ptr;
    }
    copy = arena_alloc(a, new_size);
    memcpy(copy, ptr, old_size);
    return copy;
}

void arena_defer(struct arena *a, void (*fn)(void *ptr), void *ptr)
{
    struct deferred *d = arena_alloc(a, sizeof *d);

    *d = (struct deferred){ .older = a->deferred, .fn = fn, .ptr = ptr };
    a->deferred = d;
}

void arena_adopt(struct arena *a, struct arena *from)
{
    struct chunk **tail;
    struct deferred **last;

    assert(a != from);
    if (!a->newest)
        open_chunk(a);
    for (tail = &a->newest->older; *tail; tail = &(*tail)->older)
        ;
    *tail = from->newest;
    for (last = &from->deferred; *last; last = &(*last)->older)
        ;
    *last = a->deferred;
    a->deferred = from->deferred;
    a->used += from->used;
    free(from);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

bool arena_over_budget(const struct arena *a)
{
    return a->budget != 0 && a->used > a->budget;
}

size_t arena_set_budget(struct arena *a, size_t budget_bytes)
{
    size_t old = a->budget;

    a->budget = budget_bytes;
    return old;
}
