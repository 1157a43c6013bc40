/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/vec.h - a growing array of one type in an arena.
 *
 *     VEC(struct obj_ref) refs = VEC_INIT;
 *     *VEC_PUSH(arena, &refs) = ref;
 *     for (size_t i = 0; i < refs.count; i++) use(&refs.items[i]);
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#define VEC(type)     \
    struct {          \
        type *items;  \
        size_t count; \
        size_t cap;   \
    }

#define VEC_INIT { NULL, 0, 0 }

/* Pointer to a new zeroed last element; valid until the next push. */
#define VEC_PUSH(a, v)                                                                  \
    ((v)->items = vec_grow((a), (v)->items, (v)->count, &(v)->cap, sizeof *(v)->items), \
     (v)->count++, &(v)->items[(v)->count - 1])

/* Room for one more element of `size` bytes, zeroed; the array may move. */
void *vec_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t size)
    __attribute__((returns_nonnull));

#endif
