/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/go_format.h"

#include "value/json.h"

static void put(struct buf *out, struct arena *a, const struct val *v)
{
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        buf_lit(out, "<nil>");
        break;
    case VAL_STRING:
        buf_put(out, val_str(v));
        break;
    case VAL_SEQ:
        buf_put_byte(out, '[');
        for (size_t i = 0; i < v->count; i++) {
            if (i)
                buf_put_byte(out, ' ');
            put(out, a, v->items[i]);
        }
        buf_put_byte(out, ']');
        break;
    case VAL_MAP:
        v = val_sorted(a, v);
        buf_lit(out, "map[");
        for (size_t i = 0; i < v->count; i++) {
            if (i)
                buf_put_byte(out, ' ');
            buf_put(out, v->fields[i].key);
            buf_put_byte(out, ':');
            put(out, a, v->fields[i].value);
        }
        buf_put_byte(out, ']');
        break;
    case VAL_BOOL:
    case VAL_INT:
    case VAL_FLOAT:
        json_write(out, v, JSON_COMPACT);
        break;
    }
}

struct str go_format(struct arena *a, const struct val *v)
{
    struct buf out;

    buf_init(&out, a, SIZE_MAX);
    put(&out, a, v ? v : &val_null);
    return buf_str(&out);
}
