/* SPDX-License-Identifier: Apache-2.0 */
#include "value/val.h"

#include "value/val_map.h"

const struct val val_null = { .kind = VAL_NULL };
const struct val val_true = { .kind = VAL_BOOL, .boolean = true };
const struct val val_false = { .kind = VAL_BOOL, .boolean = false };
const struct val val_empty_map = { .kind = VAL_MAP };
const struct val val_empty_seq = { .kind = VAL_SEQ };
const struct val val_empty_string = { .kind = VAL_STRING, .text = STR_INIT("") };

const struct val_field *val_field(const struct val *map, struct str key)
{
    size_t at;

    if (!val_is(map, VAL_MAP))
        return NULL;
    at = val_map_find(map->fields, map->count, map->index, key);
    return at == SIZE_MAX ? NULL : &map->fields[at];
}

const struct val *val_get(const struct val *map, struct str key)
{
    const struct val_field *f = val_field(map, key);

    return f ? f->value : NULL;
}

const struct val *val_at(const struct val *v, const char *path)
{
    struct str rest = str_from_cstr(path), key;

    while (v && str_cut(&rest, '.', &key))
        v = val_get(v, key);
    return v;
}

const struct val *val_item(const struct val *seq, size_t index)
{
    return val_is(seq, VAL_SEQ) && index < seq->count ? seq->items[index] : NULL;
}

struct str val_str(const struct val *v)
{
    return val_is(v, VAL_STRING) ? v->text : STR("");
}

struct str val_get_str(const struct val *map, const char *key)
{
    return val_str(val_get(map, str_from_cstr(key)));
}

struct str val_at_str(const struct val *v, const char *path)
{
    return val_str(val_at(v, path));
}

bool val_at_bool(const struct val *v, const char *path, bool otherwise)
{
    const struct val *b = val_at(v, path);

    return val_is(b, VAL_BOOL) ? b->boolean : otherwise;
}

int64_t val_at_int(const struct val *v, const char *path, int64_t otherwise)
{
    int64_t n;

    return val_to_int64(val_at(v, path), &n) ? n : otherwise;
}

bool val_to_int64(const struct val *v, int64_t *ret)
{
    if (val_is(v, VAL_INT)) {
        *ret = v->integer;
        return true;
    }
    /* 2^63 itself does not fit; the comparison is exact in doubles. */
    if (val_is(v, VAL_FLOAT) && v->real >= -0x1p63 && v->real < 0x1p63 &&
        (double)(int64_t)v->real == v->real) {
        *ret = (int64_t)v->real;
        return true;
    }
    return false;
}

bool val_to_double(const struct val *v, double *ret)
{
    if (val_is(v, VAL_INT))
        *ret = (double)v->integer;
    else if (val_is(v, VAL_FLOAT))
        *ret = v->real;
    else
        return false;
    return true;
}

static bool numbers_eq(const struct val *a, const struct val *b)
{
    int64_t m, n;
    bool whole_a = val_to_int64(a, &m), whole_b = val_to_int64(b, &n);

    if (whole_a || whole_b)
        return whole_a && whole_b && m == n;
    return a->real == b->real;
}

static bool is_number(const struct val *v)
{
    return v->kind == VAL_INT || v->kind == VAL_FLOAT;
}

static bool maps_eq(const struct val *a, const struct val *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct val_field *f = &a->fields[i];
        /* Most equal maps have equal order, which saves the lookup. */
        const struct val *other = str_eq(b->fields[i].key, f->key) ? b->fields[i].value
                                                                   : val_get(b, f->key);

        if (!other || !val_eq(f->value, other))
            return false;
    }
    return true;
}

static bool seqs_eq(const struct val *a, const struct val *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!val_eq(a->items[i], b->items[i]))
            return false;
    return true;
}

bool val_eq(const struct val *a, const struct val *b)
{
    if (a == b)
        return true;
    if (!a || !b)
        return false;
    if (is_number(a) && is_number(b))
        return numbers_eq(a, b);
    if (a->kind != b->kind)
        return false;
    switch ((enum val_kind)a->kind) {
    case VAL_BOOL:
        return a->boolean == b->boolean;
    case VAL_STRING:
        return str_eq(a->text, b->text);
    case VAL_SEQ:
        return seqs_eq(a, b);
    case VAL_MAP:
        return maps_eq(a, b);
    case VAL_NULL:
    case VAL_INT:
    case VAL_FLOAT:
        break;
    }
    return true;
}

const char *val_kind_name(const struct val *v)
{
    static const char *const names[] = {
        [VAL_NULL] = "null",    [VAL_BOOL] = "boolean",  [VAL_INT] = "number",
        [VAL_FLOAT] = "number", [VAL_STRING] = "string", [VAL_SEQ] = "array",
        [VAL_MAP] = "object",
    };

    return v ? names[v->kind] : "nothing";
}

static uint64_t mix(uint64_t h)
{
    h ^= h >> 31;
    h *= UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

static uint64_t number_hash(const struct val *v)
{
    int64_t whole;
    double x = 0;
    uint64_t bits;

    if (val_to_int64(v, &whole))
        return mix((uint64_t)whole + 3);
    (void)val_to_double(v, &x);
    memcpy(&bits, &x, sizeof bits);
    return mix(bits + 5);
}

uint64_t val_hash(const struct val *v)
{
    uint64_t h = v ? v->kind * UINT64_C(0x9e3779b97f4a7c15) : 0;

    if (!v)
        return 0;
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        break;
    case VAL_BOOL:
        h ^= v->boolean ? 11 : 7;
        break;
    case VAL_INT:
    case VAL_FLOAT:
        return number_hash(v);
    case VAL_STRING:
        h ^= str_hash(v->text);
        break;
    case VAL_SEQ:
        for (uint32_t i = 0; i < v->count; i++)
            h = mix(h ^ val_hash(v->items[i]));
        break;
    case VAL_MAP: /* a sum, so that order does not count */
        for (uint32_t i = 0; i < v->count; i++)
            h += mix(str_hash(v->fields[i].key) ^ mix(val_hash(v->fields[i].value)));
        break;
    }
    return mix(h);
}
