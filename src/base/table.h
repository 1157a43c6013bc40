/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/table.h - a hash table from text to pointer for long-lived state: entries come and go, memory is from a heap.
 *
 * The key is owned by the table, the value by its user. Order of iteration is not defined.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/heap.h"

struct table_slot {
    struct str key; /* ptr NULL: free; len 0 with a value NULL: removed */
    uint64_t hash;
    void *value;
};

struct table {
    struct heap *heap;
    struct table_slot *slots;
    size_t slot_count; /* power of two or 0 */
    size_t count;      /* live */
    size_t filled;     /* live and removed */
};

void table_init(struct table *t, struct heap *h);
void table_done(struct table *t); /* keys and slots; values are the user's */

void *table_get(const struct table *t, struct str key);
/* Returns the value before, or NULL. */
void *table_put(struct table *t, struct str key, void *value);
void *table_remove(struct table *t, struct str key);

/* The next live value at or after *at, which moves behind it; NULL at the end. Start with 0; removing is allowed. */
void *table_next(const struct table *t, size_t *at);

#endif
