/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

static const char tombstone[] = "";

void table_init(struct table *t, struct heap *h)
{
    *t = (struct table){ .heap = h };
}

static bool is_removed(const struct table_slot *s)
{
    return s->key.ptr == tombstone;
}

void table_done(struct table *t)
{
    for (size_t i = 0; i < t->slot_count; i++)
        if (t->slots[i].key.ptr && !is_removed(&t->slots[i]))
            heap_str_free(t->heap, t->slots[i].key);
    heap_free(t->heap, t->slots, t->slot_count * sizeof *t->slots);
    *t = (struct table){ .heap = t->heap };
}

static uint64_t seeded_hash(struct str key)
{
    uint64_t h = str_hash_seeded(key, (uint64_t)(uintptr_t)&tombstone);

    return h ^ h >> 32;
}

/* The key's slot, or the free one where it may go. */
static struct table_slot *find(const struct table *t, struct str key, uint64_t hash)
{
    size_t mask = t->slot_count - 1;
    struct table_slot *removed = NULL;

    for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
        struct table_slot *s = &t->slots[at];

        if (!s->key.ptr)
            return removed ? removed : s;
        if (is_removed(s))
            removed = removed ? removed : s;
        else if (s->hash == hash && str_eq(s->key, key))
            return s;
    }
}

static void grow(struct table *t)
{
    struct table old = *t;

    t->slot_count = t->count * 4 < 16 ? 16 : t->slot_count;
    while (t->slot_count < t->count * 4)
        t->slot_count *= 2;
    t->slots = heap_alloc(t->heap, t->slot_count * sizeof *t->slots);
    t->filled = t->count;
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].key.ptr && !is_removed(&old.slots[i]))
            *find(t, old.slots[i].key, old.slots[i].hash) = old.slots[i];
    heap_free(t->heap, old.slots, old.slot_count * sizeof *old.slots);
}

static bool is_live(const struct table_slot *s)
{
    return s->key.ptr && !is_removed(s);
}

void *table_get(const struct table *t, struct str key)
{
    const struct table_slot *s = t->slot_count ? find(t, key, seeded_hash(key)) : NULL;

    return s && is_live(s) ? s->value : NULL;
}

void *table_put(struct table *t, struct str key, void *value)
{
    uint64_t hash = seeded_hash(key);
    struct table_slot *s;
    void *before;

    if ((t->filled + 1) * 2 > t->slot_count)
        grow(t);
    s = find(t, key, hash);
    if (is_live(s)) {
        before = s->value;
        s->value = value;
        return before;
    }
    t->filled += s->key.ptr == NULL;
    t->count++;
    /* An empty key still needs a pointer of its own, or it would look free. */
    *s = (struct table_slot){ .key = key.len ? heap_str(t->heap, key) : STR("\0"),
                              .hash = hash,
                              .value = value };
    s->key.len = key.len;
    return NULL;
}

void *table_remove(struct table *t, struct str key)
{
    struct table_slot *s = t->slot_count ? find(t, key, seeded_hash(key)) : NULL;
    void *before;

    if (!s || !is_live(s))
        return NULL;
    before = s->value;
    heap_str_free(t->heap, s->key);
    *s = (struct table_slot){ .key = { tombstone, 0 } };
    t->count--;
    return before;
}

void *table_next(const struct table *t, size_t *at)
{
    while (*at < t->slot_count) {
        const struct table_slot *s = &t->slots[(*at)++];

        if (is_live(s))
            return s->value;
    }
    return NULL;
}
