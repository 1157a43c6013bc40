/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/map.h - a hash map from str to pointer, in an arena; iteration is in insertion order.
 *
 * Keys are hashed with a seed drawn once per process from the address layout, so that a repository cannot
 * be written to collide. Results never depend on hash order.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

struct map_entry {
    struct str key;
    void *value; /* NULL: the entry was removed */
    uint64_t hash;
};

struct map {
    struct arena *arena;
    struct map_entry *entries; /* insertion order, removed ones included */
    uint32_t *slots;           /* index + 1 into entries; 0 is free */
    size_t entry_count;
    size_t entry_cap;
    size_t slot_count; /* power of two or 0 */
    size_t count;      /* live entries */
};

void map_init(struct map *m, struct arena *a);

/* The value, or NULL where there is none. */
void *map_get(const struct map *m, struct str key);

/* Sets; the key is borrowed, value is not NULL. Returns the value before, or NULL. */
void *map_set(struct map *m, struct str key, void *value);

/* Returns the value before, or NULL. */
void *map_remove(struct map *m, struct str key);

#endif
