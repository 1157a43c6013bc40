/* SPDX-License-Identifier: Apache-2.0 */
/* Edits of many parts of one value, and how much a value is. */
#include "value/val.h"

void seq_editor_set(struct seq_editor *e, size_t index, const struct val *item)
{
    if (!e->items) {
        e->items = arena_alloc(e->arena, e->seq->count * sizeof *e->items);
        memcpy(e->items, e->seq->items, e->seq->count * sizeof *e->items);
    }
    e->items[index] = item;
}

const struct val *seq_editor_done(const struct seq_editor *e)
{
    struct val *v;

    if (!e->items)
        return e->seq;
    v = ARENA_NEW(e->arena, struct val);
    *v = *e->seq;
    v->items = e->items;
    return v;
}

void map_editor_set(struct map_editor *e, struct str key, const struct val *value)
{
    if (!e->changed)
        map_builder_from(&e->builder, e->arena, e->map);
    e->changed = true;
    (void)map_builder_set(&e->builder, key, value);
}

const struct val *map_editor_done(struct map_editor *e)
{
    return e->changed ? map_builder_done(&e->builder, e->map) : e->map;
}

size_t val_node_count(const struct val *v, size_t most)
{
    size_t count = 1;

    for (size_t i = 0; i < val_count(v) && count <= most; i++)
        count += val_node_count(v->kind == VAL_MAP ? v->fields[i].value : v->items[i],
                                most - count);
    return count;
}
