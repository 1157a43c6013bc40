/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sprig/yaml_numbers.h"

#include <math.h>

#include "base/buf.h"
#include "foreign/utf8.h"
#include "value/val.h"

/* Bytes that are no UTF-8 become U+FFFD. */
static struct str valid_text(struct arena *a, struct str s)
{
    struct buf out;

    if (utf8_find_invalid(s) == SIZE_MAX)
        return s;
    buf_init(&out, a, 0);
    for (size_t i = 0; i < s.len;) {
        uint32_t r;

        i += utf8_decode(str_skip(s, i), &r);
        utf8_put(&out, r);
    }
    return buf_str(&out);
}

static const struct val *map_numbers(struct arena *a, const struct val *v, bool keep_floats)
{
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++)
        (void)map_builder_set(&b, valid_text(a, v->fields[i].key),
                              yaml_numbers(a, v->fields[i].value, keep_floats));
    return map_builder_done(&b, v);
}

static const struct val *seq_numbers(struct arena *a, const struct val *v, bool keep_floats)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < v->count; i++)
        seq_builder_add(&b, yaml_numbers(a, v->items[i], keep_floats));
    return seq_builder_done(&b, v);
}

const struct val *yaml_numbers(struct arena *a, const struct val *v, bool keep_floats)
{
    if (!keep_floats && v->kind == VAL_FLOAT && fabs(v->real) < 0x1p63 && floor(v->real) == v->real)
        return val_int(a, (int64_t)v->real);
    if (v->kind == VAL_STRING && utf8_find_invalid(v->text) != SIZE_MAX)
        return val_string(a, valid_text(a, v->text));
    if (v->kind == VAL_MAP && v->count > 0)
        return map_numbers(a, v, keep_floats);
    return v->kind == VAL_SEQ && v->count > 0 ? seq_numbers(a, v, keep_floats) : v;
}
