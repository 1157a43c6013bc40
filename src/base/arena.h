/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/arena.h - memory that is freed all at once, at the end of one unit of work.
 *
 * A reconcile, a request, a CLI command and a test case each own one arena (docs/adr/0002). Nothing in an
 * arena is freed singly. An arena belongs to one thread at a time; a frozen one may be read by many.
 *
 * Budget: an arena may be given a ceiling. Crossing it sets a sticky flag and allocation goes on (inputs
 * are bounded before they get here, so the overshoot is small); use-cases test arena_over_budget() at the
 * end of a stage and fail with ERR_TOO_LARGE. Real exhaustion of memory aborts with a message: there is
 * no correct way on, and a half-done reconcile is what a restart handles anyway.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* budget_bytes 0: no ceiling. Never NULL. */
struct arena *arena_new(size_t budget_bytes);

/* Runs the deferred functions, last first, then frees everything. NULL is fine. */
void arena_free(struct arena *a);

/* Runs the deferred functions and forgets everything, but keeps one chunk for the next unit of work. */
void arena_reset(struct arena *a);

/* Uninitialised memory of `size` bytes, aligned for any type; size 0 gives a valid unique pointer. */
void *arena_alloc(struct arena *a, size_t size)
    __attribute__((malloc, alloc_size(2), returns_nonnull));

/* count * size zeroed bytes; an overflow of the product aborts. */
void *arena_calloc(struct arena *a, size_t count, size_t size)
    __attribute__((malloc, alloc_size(2, 3), returns_nonnull));

/*
 * A block of new_size with the old bytes; grows in place where `ptr` was the last allocation. The old
 * block stays readable. ptr NULL is arena_alloc.
 */
void *arena_realloc(struct arena *a, void *ptr, size_t old_size, size_t new_size)
    __attribute__((returns_nonnull));

#define ARENA_NEW(a, type) ((type *)arena_calloc((a), 1, sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_calloc((a), (count), sizeof(type)))

/* Calls fn(ptr) when the arena is freed or reset: for foreign objects, never for memory of the arena. */
void arena_defer(struct arena *a, void (*fn)(void *ptr), void *ptr);

/*
 * Takes over everything that `from` holds, deferred functions included; `from` is freed. For results that
 * a sub-unit made in an arena of its own.
 */
void arena_adopt(struct arena *a, struct arena *from);

size_t arena_used(
    const struct arena *a); /* bytes handed out since the last reset, padding included */
bool arena_over_budget(const struct arena *a);

/* Another ceiling, counted like the first one from the last reset; the old one is returned, to be put back. */
size_t arena_set_budget(struct arena *a, size_t budget_bytes);

static inline void arena_freep(struct arena **a)
{
    arena_free(*a);
    *a = NULL;
}

/* ARENA_AUTO struct arena *a = arena_new(0); is freed at the end of the scope. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define ARENA_AUTO CLEANUP(arena_freep)

#endif
