/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sprig/yaml_numbers.h"

#include <math.h>

#include "value/val.h"

static const struct val *map_numbers(struct arena *a, const struct val *v)
{
    struct map_builder b;

    map_builder_from(&b, a, v);
    for (size_t i = 0; i < v->count; i++)
        (void)map_builder_set(&b, v->fields[i].key, yaml_numbers(a, v->fields[i].value));
    return map_builder_done(&b, v);
}

static const struct val *seq_numbers(struct arena *a, const struct val *v)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++)
        seq_builder_add(&b, yaml_numbers(a, v->items[i]));
    return seq_builder_done(&b, v);
}

const struct val *yaml_numbers(struct arena *a, const struct val *v)
{
    if (v->kind == VAL_FLOAT && fabs(v->real) < 0x1p63 && floor(v->real) == v->real)
        return val_int(a, (int64_t)v->real);
    if (v->kind == VAL_MAP && v->count > 0)
        return map_numbers(a, v);
    return v->kind == VAL_SEQ && v->count > 0 ? seq_numbers(a, v) : v;
}
