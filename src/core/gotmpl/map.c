/* SPDX-License-Identifier: Apache-2.0 */
/* Maps of Go values: an array of fields with a hash index once there are many, sorted when iterated. */
#include "base/limits.h"
#include "base/sort.h"
#include "core/gotmpl/value.h"
#include "value/val.h"

enum { SCAN_MAX = 8 };

static void convert_source(struct go_map *m);

/* The place in memory is the seed: a chart cannot choose keys that collide. */
static size_t hash_key(const struct go_map *m, struct str key)
{
    return (size_t)str_hash_seeded(key, (uint64_t)(uintptr_t)m);
}

static void index_fields(struct go_map *m)
{
    size_t slots = 32;

    while (slots < m->cap * 2)
        slots *= 2;
    m->slots = ARENA_ARRAY(m->arena, slots, uint32_t);
    m->slot_count = slots;
    for (size_t i = 0; i < m->count; i++) {
        size_t at = hash_key(m, m->fields[i].key) & (slots - 1);

        while (m->slots[at])
            at = (at + 1) & (slots - 1);
        m->slots[at] = (uint32_t)i + 1;
    }
}

static struct go_field *find(const struct go_map *m, struct str key)
{
    if (!m->slots) {
        for (size_t i = 0; i < m->count; i++)
            if (str_eq(m->fields[i].key, key))
                return &m->fields[i];
        return NULL;
    }
    for (size_t at = hash_key(m, key) & (m->slot_count - 1); m->slots[at];
         at = (at + 1) & (m->slot_count - 1)) {
        struct go_field *f = &m->fields[m->slots[at] - 1];

        if (str_eq(f->key, key))
            return f;
    }
    return NULL;
}

static void grow(struct go_map *m)
{
    size_t cap = m->cap ? m->cap * 2 : 4;

    m->fields = arena_realloc(m->arena, m->fields, m->cap * sizeof *m->fields,
                              cap * sizeof *m->fields);
    m->cap = cap;
    if (cap > SCAN_MAX)
        index_fields(m);
}

static void append(struct go_map *m, struct str key, struct go_value value)
{
    if (m->count == m->cap)
        grow(m);
    if (m->is_sorted && m->count > 0 && str_cmp(m->fields[m->count - 1].key, key) > 0)
        m->is_sorted = false;
    m->fields[m->count] = (struct go_field){ .key = key, .value = value };
    m->count++;
    if (m->slots) {
        size_t at = hash_key(m, key) & (m->slot_count - 1);

        while (m->slots[at])
            at = (at + 1) & (m->slot_count - 1);
        m->slots[at] = (uint32_t)m->count;
    }
}

void go_map_set(struct go_map *m, struct str key, struct go_value value)
{
    struct go_field *f;

    convert_source(m);
    value.boxed = false;
    f = find(m, key);
    if (f)
        f->value = value;
    else
        append(m, key, value);
}

bool go_map_remove(struct go_map *m, struct str key)
{
    struct go_field *f;
    size_t at;

    convert_source(m);
    f = find(m, key);
    if (!f)
        return false;
    at = (size_t)(f - m->fields);
    memmove(f, f + 1, (m->count - at - 1) * sizeof *f);
    m->count--;
    if (m->slots)
        index_fields(m);
    return true;
}

bool go_map_find(struct go_map *m, enum go_type type, struct str key, struct go_value *ret)
{
    const struct go_field *f;

    convert_source(m);
    f = find(m, key);
    if (!f)
        return false;
    *ret = type == GO_TEXTS || type == GO_FILES ? f->value : go_boxed(f->value);
    return true;
}

size_t go_map_count(struct go_map *m)
{
    convert_source(m);
    return m->count;
}

static bool key_is_before(const void *x, const void *y)
{
    return str_cmp(((const struct go_field *)x)->key, ((const struct go_field *)y)->key) < 0;
}

const struct go_field *go_map_sorted(struct go_map *m)
{
    convert_source(m);
    if (!m->is_sorted) {
        sort_stable(m->arena, m->fields, m->count, sizeof *m->fields, key_is_before);
        m->is_sorted = true;
        if (m->slots)
            index_fields(m);
    }
    return m->fields;
}

static struct go_value from_number(const struct val *v)
{
    double x = 0;

    if (v->kind == VAL_INT && v->text.len == 0)
        return go_int64(v->integer);
    (void)val_to_double(v, &x);
    return go_float(x);
}

static struct go_value from_seq(struct arena *a, const struct val *v)
{
    struct go_value list = go_list_new(a, GO_LIST, v->count);

    for (size_t i = 0; i < v->count; i++)
        list.list->items[i] = go_from_val(a, v->items[i]);
    return list;
}

struct go_value go_from_val(struct arena *a, const struct val *v)
{
    if (!v)
        return go_nil();
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        break;
    case VAL_BOOL:
        return go_bool(v->boolean);
    case VAL_INT:
    case VAL_FLOAT:
        return from_number(v);
    case VAL_STRING:
        return go_string(v->text);
    case VAL_SEQ:
        return from_seq(a, v);
    case VAL_MAP: {
        struct go_value map = go_map_new(a, GO_MAP);

        map.map->source = v;
        return map;
    }
    }
    return go_nil();
}

static void convert_source(struct go_map *m)
{
    const struct val *source = m->source;

    if (!source)
        return;
    m->source = NULL;
    if (source->count > 0) {
        m->cap = source->count;
        m->fields = ARENA_ARRAY(m->arena, m->cap, struct go_field);
    }
    for (size_t i = 0; i < source->count; i++)
        append(m, source->fields[i].key, go_from_val(m->arena, source->fields[i].value));
    if (m->cap > SCAN_MAX)
        index_fields(m);
}
