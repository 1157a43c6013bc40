/* SPDX-License-Identifier: Apache-2.0 */
#include "value/pack.h"

#include <assert.h>
#include <math.h>

#include "base/limits.h"
#include "value/val_map.h"

void pack_byte(struct buf *out, uint8_t n)
{
    buf_put_byte(out, (char)n);
}

void pack_u32(struct buf *out, uint32_t n)
{
    buf_put(out, str_of((const char *)&n, sizeof n));
}

void pack_u64(struct buf *out, uint64_t n)
{
    buf_put(out, str_of((const char *)&n, sizeof n));
}

void pack_str(struct buf *out, struct str s)
{
    assert(s.len <= UINT32_MAX);
    pack_u32(out, (uint32_t)s.len);
    buf_put(out, s);
}

static void pack_double(struct buf *out, double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    pack_u64(out, bits);
}

/* The kind is the low half of the first byte, the style the high one. */
void pack_val(struct buf *out, const struct val *v)
{
    pack_byte(out, (uint8_t)(v->kind | v->style << 4));
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        break;
    case VAL_BOOL:
        pack_byte(out, v->boolean);
        break;
    case VAL_INT:
        pack_u64(out, (uint64_t)v->integer);
        pack_str(out, v->text);
        break;
    case VAL_FLOAT:
        pack_double(out, v->real);
        pack_str(out, v->text);
        break;
    case VAL_STRING:
        pack_str(out, v->text);
        break;
    case VAL_SEQ:
        pack_u32(out, v->count);
        for (uint32_t i = 0; i < v->count; i++)
            pack_val(out, v->items[i]);
        break;
    case VAL_MAP:
        pack_u32(out, v->count);
        for (uint32_t i = 0; i < v->count; i++) {
            pack_str(out, v->fields[i].key);
            pack_val(out, v->fields[i].value);
        }
        break;
    }
}

/* The next `size` bytes; NULL and bad where there are not as many. */
static const char *take(struct unpack *u, size_t size)
{
    const char *from = u->rest.ptr;

    if (u->bad || size > u->rest.len) {
        u->bad = true;
        return NULL;
    }
    u->rest = str_skip(u->rest, size);
    return from;
}

uint8_t unpack_byte(struct unpack *u)
{
    const char *from = take(u, 1);

    return from ? (uint8_t)*from : 0;
}

uint32_t unpack_u32(struct unpack *u)
{
    uint32_t n = 0;
    const char *from = take(u, sizeof n);

    if (from)
        memcpy(&n, from, sizeof n);
    return n;
}

uint64_t unpack_u64(struct unpack *u)
{
    uint64_t n = 0;
    const char *from = take(u, sizeof n);

    if (from)
        memcpy(&n, from, sizeof n);
    return n;
}

struct str unpack_str(struct unpack *u)
{
    size_t len = unpack_u32(u);
    const char *from = take(u, len);

    return from ? str_of(from, len) : STR("");
}

size_t unpack_count(struct unpack *u, size_t size)
{
    size_t count = unpack_u32(u);

    if (count <= u->rest.len / size)
        return count;
    u->bad = true;
    return 0;
}

static const struct val *unpack_node(struct unpack *u, size_t depth);

static void unpack_seq(struct unpack *u, size_t depth, struct val *v)
{
    size_t count = unpack_count(u, 1);
    const struct val **items = arena_alloc(u->arena, count * sizeof *items);

    for (size_t i = 0; i < count; i++)
        items[i] = unpack_node(u, depth + 1);
    v->count = (uint32_t)count;
    v->items = items;
}

/* A key that comes twice is bad: readers of our trees count on unique ones. */
static bool is_unique(const struct val_field *fields, size_t count, const uint32_t *index)
{
    for (size_t i = 0; i < count; i++)
        if (val_map_find(fields, count, index, fields[i].key) != i)
            return false;
    return true;
}

static void unpack_map(struct unpack *u, size_t depth, struct val *v)
{
    size_t count = unpack_count(u, 5);
    struct val_field *fields = ARENA_ARRAY(u->arena, count, struct val_field);

    for (size_t i = 0; i < count; i++) {
        fields[i].key = unpack_str(u);
        fields[i].value = unpack_node(u, depth + 1);
    }
    if (u->bad)
        count = 0;
    v->count = (uint32_t)count;
    v->fields = fields;
    v->index = val_map_index(u->arena, fields, count);
    u->bad = u->bad || !is_unique(fields, count, v->index);
}

static double unpack_double(struct unpack *u)
{
    uint64_t bits = unpack_u64(u);
    double x;

    memcpy(&x, &bits, sizeof x);
    if (isfinite(x))
        return x;
    u->bad = true;
    return 0;
}

static void unpack_scalar(struct unpack *u, struct val *v)
{
    if (v->kind == VAL_INT)
        v->integer = (int64_t)unpack_u64(u);
    else if (v->kind == VAL_FLOAT)
        v->real = unpack_double(u);
    v->text = unpack_str(u);
}

static const struct val *unpack_node(struct unpack *u, size_t depth)
{
    uint8_t first = unpack_byte(u);
    struct val *v;

    if (first >> 4 > VAL_STYLE_TAGGED || (first & 15) > VAL_MAP || depth >= LIMIT_TREE_DEPTH ||
        ++u->nodes > LIMIT_TREE_NODES)
        u->bad = true;
    if (u->bad || (first & 15) == VAL_NULL)
        return &val_null;
    if ((first & 15) == VAL_BOOL)
        return val_bool(unpack_byte(u) != 0);
    v = ARENA_NEW(u->arena, struct val);
    v->kind = first & 15;
    v->style = first >> 4;
    if (v->kind == VAL_SEQ)
        unpack_seq(u, depth, v);
    else if (v->kind == VAL_MAP)
        unpack_map(u, depth, v);
    else
        unpack_scalar(u, v);
    return u->bad ? &val_null : v;
}

const struct val *unpack_val(struct unpack *u)
{
    return unpack_node(u, 0);
}
