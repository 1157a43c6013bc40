/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include "base/arena.h"

/* Address-space randomisation makes this another number in each process. */
static uint64_t seeded_hash(struct str key)
{
    return str_hash_seeded(key, (uint64_t)(uintptr_t)&str_hash);
}

void map_init(struct map *m, struct arena *a)
{
    *m = (struct map){ .arena = a };
}

/* Slot that holds the key, or the free one where it belongs. slot_count is not 0. */
static size_t find_slot(const struct map *m, struct str key, uint64_t hash)
{
    size_t mask = m->slot_count - 1;
    size_t at = (size_t)(hash ^ hash >> 32) & mask;

    for (; m->slots[at] != 0; at = (at + 1) & mask) {
        const struct map_entry *e = &m->entries[m->slots[at] - 1];

        if (e->hash == hash && str_eq(e->key, key))
            break;
    }
    return at;
}

static void grow_slots(struct map *m)
{
    m->slot_count = m->slot_count ? m->slot_count * 2 : 16;
    m->slots = ARENA_ARRAY(m->arena, m->slot_count, uint32_t);
    for (size_t i = 0; i < m->entry_count; i++)
        m->slots[find_slot(m, m->entries[i].key, m->entries[i].hash)] = (uint32_t)(i + 1);
}

void *map_get(const struct map *m, struct str key)
{
    uint32_t at;

    if (m->slot_count == 0)
        return NULL;
    at = m->slots[find_slot(m, key, seeded_hash(key))];
    return at ? m->entries[at - 1].value : NULL;
}

void *map_set(struct map *m, struct str key, void *value)
{
    uint64_t hash = seeded_hash(key);
    size_t slot;
    void *before;

    if ((m->entry_count + 1) * 2 > m->slot_count)
        grow_slots(m);
    slot = find_slot(m, key, hash);
    if (m->slots[slot] == 0) {
        if (m->entry_count == m->entry_cap) {
            size_t cap = m->entry_cap ? m->entry_cap * 2 : 8;

            m->entries = arena_realloc(m->arena, m->entries, m->entry_cap * sizeof *m->entries,
                                       cap * sizeof *m->entries);
            m->entry_cap = cap;
        }
        m->entries[m->entry_count++] =
            (struct map_entry){ .key = key, .value = value, .hash = hash };
        m->slots[slot] = (uint32_t)m->entry_count;
        m->count++;
        return NULL;
    }
    before = m->entries[m->slots[slot] - 1].value;
    m->entries[m->slots[slot] - 1].value = value;
    m->count += before == NULL;
    return before;
}

void *map_remove(struct map *m, struct str key)
{
    uint32_t at;
    void *before;

    if (m->slot_count == 0)
        return NULL;
    at = m->slots[find_slot(m, key, seeded_hash(key))];
    if (at == 0)
        return NULL;
    before = m->entries[at - 1].value;
    m->entries[at - 1].value = NULL;
    m->count -= before != NULL;
    return before;
}
