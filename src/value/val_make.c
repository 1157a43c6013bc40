/* SPDX-License-Identifier: Apache-2.0 */
/* Making values, and editing by path copying: what is not on the way to the change is shared. */
#include <assert.h>
#include <stdarg.h>

#include "value/val.h"
#include "value/val_map.h"

const struct val *val_bool(bool b)
{
    return b ? &val_true : &val_false;
}

const struct val *val_int(struct arena *a, int64_t n)
{
    struct val *v = ARENA_NEW(a, struct val);

    v->kind = VAL_INT;
    v->integer = n;
    v->text = STR("");
    return v;
}

const struct val *val_float(struct arena *a, double x)
{
    struct val *v = ARENA_NEW(a, struct val);

    v->kind = VAL_FLOAT;
    v->real = x;
    v->text = STR("");
    return v;
}

const struct val *val_string(struct arena *a, struct str s)
{
    struct val *v;

    if (s.len == 0)
        return &val_empty_string;
    v = ARENA_NEW(a, struct val);
    v->kind = VAL_STRING;
    v->text = s;
    return v;
}

const struct val *val_cstring(struct arena *a, const char *s)
{
    return val_string(a, str_from_cstr(s));
}

static const struct val *seq_of(struct arena *a, const struct val *const *items, size_t count,
                                const struct val *like)
{
    struct val *v = ARENA_NEW(a, struct val);

    v->kind = VAL_SEQ;
    v->count = (uint32_t)count;
    v->items = items;
    if (like) {
        v->file = like->file;
        v->line = like->line;
        v->column = like->column;
    }
    return v;
}

const struct val *val_seq(struct arena *a, const struct val *const *items, size_t count)
{
    const struct val **copy = arena_alloc(a, count * sizeof *copy);

    if (count > 0)
        memcpy(copy, items, count * sizeof *copy);
    return seq_of(a, copy, count, NULL);
}

const struct val *val_map_of(struct arena *a, ...)
{
    struct map_builder b;
    va_list args;
    const char *key;

    map_builder_init(&b, a);
    va_start(args, a);
    while ((key = va_arg(args, const char *)) != NULL) {
        const struct val *value = va_arg(args, const struct val *);

        if (value)
            map_builder_set(&b, str_from_cstr(key), value);
    }
    va_end(args);
    return map_builder_done(&b, NULL);
}

const struct val *val_copy(struct arena *a, const struct val *v)
{
    struct val *copy = ARENA_NEW(a, struct val);

    *copy = *v;
    copy->file = NULL; /* the name lives in the other arena */
    if (v->kind == VAL_MAP) {
        struct val_field *fields = arena_alloc(a, v->count * sizeof *fields);

        for (uint32_t i = 0; i < v->count; i++) {
            fields[i] = v->fields[i];
            fields[i].key = str_dup(a, v->fields[i].key);
            fields[i].value = val_copy(a, v->fields[i].value);
        }
        copy->fields = fields;
        copy->index = val_map_index(a, fields, v->count);
    } else if (v->kind == VAL_SEQ) {
        const struct val **items = arena_alloc(a, v->count * sizeof *items);

        for (uint32_t i = 0; i < v->count; i++)
            items[i] = val_copy(a, v->items[i]);
        copy->items = items;
    } else {
        copy->count = 0;
        copy->text = str_dup(a, v->text);
    }
    return copy;
}

const struct val *val_with(struct arena *a, const struct val *map, struct str key,
                           const struct val *value)
{
    struct map_builder b;

    assert(value);
    map_builder_from(&b, a, map);
    map_builder_set(&b, key, value);
    return map_builder_done(&b, map);
}

const struct val *val_without(struct arena *a, const struct val *map, struct str key)
{
    struct map_builder b;

    if (!val_field(map, key))
        return map;
    map_builder_from(&b, a, map);
    map_builder_remove(&b, key);
    return map_builder_done(&b, map);
}

static const struct val *with_at(struct arena *a, const struct val *v, struct str path,
                                 const struct val *value)
{
    struct str key;

    if (!str_cut(&path, '.', &key))
        return value;
    return val_with(a, v, key, with_at(a, val_get(v, key), path, value));
}

const struct val *val_with_at(struct arena *a, const struct val *root, const char *path,
                              const struct val *value)
{
    return with_at(a, root, str_from_cstr(path), value);
}

static const struct val *without_at(struct arena *a, const struct val *v, struct str path)
{
    struct str key;
    const struct val *child, *edited;

    (void)str_cut(&path, '.', &key);
    child = val_get(v, key);
    if (!child)
        return v;
    if (!path.ptr)
        return val_without(a, v, key);
    edited = without_at(a, child, path);
    return edited == child ? v : val_with(a, v, key, edited);
}

const struct val *val_without_at(struct arena *a, const struct val *root, const char *path)
{
    return without_at(a, root, str_from_cstr(path));
}

const struct val *val_seq_append(struct arena *a, const struct val *seq, const struct val *item)
{
    size_t count = val_count(seq);
    const struct val **items = arena_alloc(a, (count + 1) * sizeof *items);

    if (count > 0)
        memcpy(items, seq->items, count * sizeof *items);
    items[count] = item;
    return seq_of(a, items, count + 1, seq);
}

const struct val *val_seq_replace(struct arena *a, const struct val *seq, size_t index,
                                  const struct val *item)
{
    const struct val **items = arena_alloc(a, seq->count * sizeof *items);

    assert(index < seq->count);
    memcpy(items, seq->items, seq->count * sizeof *items);
    items[index] = item;
    return seq_of(a, items, seq->count, seq);
}

static void sort_fields(struct val_field *fields, struct val_field *scratch, size_t count)
{
    size_t half = count / 2, left = 0, right = half, to = 0;

    if (count < 2)
        return;
    sort_fields(fields, scratch, half);
    sort_fields(fields + half, scratch, count - half);
    memcpy(scratch, fields, count * sizeof *fields);
    while (left < half || right < count)
        if (right == count || (left < half && str_cmp(scratch[left].key, scratch[right].key) <= 0))
            fields[to++] = scratch[left++];
        else
            fields[to++] = scratch[right++];
}

static bool keys_are_sorted(const struct val *map)
{
    for (uint32_t i = 1; i < map->count; i++)
        if (str_cmp(map->fields[i - 1].key, map->fields[i].key) > 0)
            return false;
    return true;
}

static const struct val *sorted_map(struct arena *a, const struct val *v)
{
    struct map_builder b;
    struct val_field *scratch;
    bool same = keys_are_sorted(v);

    map_builder_from(&b, a, v);
    for (uint32_t i = 0; i < v->count; i++) {
        b.fields[i].value = val_sorted(a, v->fields[i].value);
        same = same && b.fields[i].value == v->fields[i].value;
    }
    if (same)
        return v;
    scratch = arena_alloc(a, v->count * sizeof *scratch);
    sort_fields(b.fields, scratch, b.count);
    b.slots = val_map_index(a, b.fields, b.count);
    return map_builder_done(&b, v);
}

const struct val *val_sorted(struct arena *a, const struct val *v)
{
    const struct val **items;
    bool same = true;

    if (v->kind == VAL_MAP)
        return sorted_map(a, v);
    if (v->kind != VAL_SEQ)
        return v;
    items = arena_alloc(a, v->count * sizeof *items);
    for (uint32_t i = 0; i < v->count; i++) {
        items[i] = val_sorted(a, v->items[i]);
        same = same && items[i] == v->items[i];
    }
    return same ? v : seq_of(a, items, v->count, v);
}

void seq_builder_init(struct seq_builder *b, struct arena *a)
{
    *b = (struct seq_builder){ .arena = a };
}

void seq_builder_add(struct seq_builder *b, const struct val *item)
{
    if (b->count == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 8;

        b->items = arena_realloc(b->arena, b->items, b->cap * sizeof *b->items,
                                 cap * sizeof *b->items);
        b->cap = cap;
    }
    b->items[b->count++] = item;
}

const struct val *seq_builder_done(struct seq_builder *b, const struct val *like)
{
    return seq_of(b->arena, b->items, b->count, like);
}
