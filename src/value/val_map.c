/* SPDX-License-Identifier: Apache-2.0 */
#include "value/val_map.h"

static uint64_t seeded_hash(struct str key)
{
    uint64_t h = str_hash_seeded(key, (uint64_t)(uintptr_t)&str_hash);

    return h ^ h >> 32;
}

static size_t find_slot(const struct val_field *fields, const uint32_t *index, struct str key)
{
    size_t mask = index[0] - 1;
    size_t at = (size_t)seeded_hash(key) & mask;

    while (index[1 + at] != 0 && !str_eq(fields[index[1 + at] - 1].key, key))
        at = (at + 1) & mask;
    return at;
}

size_t val_map_find(const struct val_field *fields, size_t count, const uint32_t *index,
                    struct str key)
{
    if (index) {
        uint32_t at = index[1 + find_slot(fields, index, key)];

        return at ? at - 1 : SIZE_MAX;
    }
    for (size_t i = 0; i < count; i++)
        if (str_eq(fields[i].key, key))
            return i;
    return SIZE_MAX;
}

uint32_t *val_map_index(struct arena *a, const struct val_field *fields, size_t count)
{
    size_t slots = 32;
    uint32_t *index;

    if (count <= VAL_MAP_SCAN_MAX)
        return NULL;
    while (slots < count * 4)
        slots *= 2;
    index = ARENA_ARRAY(a, slots + 1, uint32_t);
    index[0] = (uint32_t)slots;
    for (size_t i = 0; i < count; i++)
        index[1 + find_slot(fields, index, fields[i].key)] = (uint32_t)(i + 1);
    return index;
}

void map_builder_init(struct map_builder *b, struct arena *a)
{
    *b = (struct map_builder){ .arena = a };
}

void map_builder_from(struct map_builder *b, struct arena *a, const struct val *map)
{
    map_builder_init(b, a);
    if (val_count(map) == 0 || !val_is(map, VAL_MAP))
        return;
    b->count = map->count;
    b->cap = map->count + 4;
    b->fields = arena_alloc(a, b->cap * sizeof *b->fields);
    memcpy(b->fields, map->fields, b->count * sizeof *b->fields);
    b->slots = val_map_index(a, b->fields, b->count);
}

/* Makes room for one more field and keeps the index at most half full. */
static void grow(struct map_builder *b)
{
    if (b->count == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 8;

        b->fields = arena_realloc(b->arena, b->fields, b->cap * sizeof *b->fields,
                                  cap * sizeof *b->fields);
        b->cap = cap;
    }
    if (b->count >= VAL_MAP_SCAN_MAX && (!b->slots || (b->count + 1) * 2 > b->slots[0]))
        b->slots = val_map_index(b->arena, b->fields, b->count);
}

void map_builder_set_field(struct map_builder *b, const struct val_field *field)
{
    size_t at = val_map_find(b->fields, b->count, b->slots, field->key);

    if (at != SIZE_MAX) {
        b->fields[at] = *field;
        return;
    }
    grow(b);
    b->fields[b->count] = *field;
    if (b->slots)
        b->slots[1 + find_slot(b->fields, b->slots, field->key)] = (uint32_t)(b->count + 1);
    b->count++;
}

bool map_builder_set(struct map_builder *b, struct str key, const struct val *value)
{
    size_t at = val_map_find(b->fields, b->count, b->slots, key);
    struct val_field field = { .key = key, .value = value };

    if (at != SIZE_MAX) {
        b->fields[at].value = value;
        return true;
    }
    map_builder_set_field(b, &field);
    return false;
}

bool map_builder_remove(struct map_builder *b, struct str key)
{
    size_t at = val_map_find(b->fields, b->count, b->slots, key);

    if (at == SIZE_MAX)
        return false;
    memmove(&b->fields[at], &b->fields[at + 1], (b->count - at - 1) * sizeof *b->fields);
    b->count--;
    b->slots = val_map_index(b->arena, b->fields, b->count);
    return true;
}

const struct val *map_builder_get(const struct map_builder *b, struct str key)
{
    size_t at = val_map_find(b->fields, b->count, b->slots, key);

    return at == SIZE_MAX ? NULL : b->fields[at].value;
}

const struct val *map_builder_done(struct map_builder *b, const struct val *like)
{
    struct val *v = ARENA_NEW(b->arena, struct val);

    v->kind = VAL_MAP;
    v->count = (uint32_t)b->count;
    v->fields = b->fields;
    v->index = b->slots;
    if (like) {
        v->file = like->file;
        v->line = like->line;
        v->column = like->column;
    }
    return v;
}
