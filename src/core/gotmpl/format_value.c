/* SPDX-License-Identifier: Apache-2.0 */
/* One argument under one verb: fmt/print.go's printArg and printValue. */
#include "base/clock.h"
#include "base/limits.h"
#include "core/gotmpl/formatter.h"
#include "core/gotmpl/time.h"
#include "foreign/utf8.h"

/* Addresses differ from run to run in Go; ours do not, and tell nothing about this process. */
#define ADDRESS UINT64_C(0xc000010000)

static void put_value(struct formatter *f, const struct go_value *v, uint32_t verb, unsigned depth);

static void bad_verb(struct formatter *f, const struct go_value *v, uint32_t verb)
{
    f->is_erroring = true;
    buf_lit(f->out, "%!");
    utf8_put(f->out, verb);
    buf_put_byte(f->out, '(');
    if (v->type <= GO_NIL) {
        buf_lit(f->out, "<nil>");
    } else {
        buf_put(f->out, str_from_cstr(go_type_name(v)));
        buf_put_byte(f->out, '=');
        put_value(f, v, 'v', 0);
    }
    buf_put_byte(f->out, ')');
    f->is_erroring = false;
}

static void put_0x(struct formatter *f, uint64_t u, bool prefix)
{
    bool sharp = f->flags.sharp;

    f->flags.sharp = prefix;
    formatter_integer(f, u, 16, false, 'v');
    f->flags.sharp = sharp;
}

static void put_integer(struct formatter *f, const struct go_value *v, uint32_t verb)
{
    bool is_signed = go_kind(v) < KIND_UINT8;

    switch (verb) {
    case 'v':
        if (f->flags.sharp_v && !is_signed)
            put_0x(f, v->natural, true);
        else
            formatter_integer(f, v->natural, 10, is_signed, verb);
        break;
    case 'd':
        formatter_integer(f, v->natural, 10, is_signed, verb);
        break;
    case 'b':
        formatter_integer(f, v->natural, 2, is_signed, verb);
        break;
    case 'o':
    case 'O':
        formatter_integer(f, v->natural, 8, is_signed, verb);
        break;
    case 'x':
    case 'X':
        formatter_integer(f, v->natural, 16, is_signed, verb);
        break;
    case 'c':
    case 'q':
        formatter_rune(f, v->natural, verb == 'q');
        break;
    case 'U':
        formatter_unicode(f, v->natural);
        break;
    default:
        bad_verb(f, v, verb);
    }
}

static bool put_float_as(struct formatter *f, double x, uint32_t verb)
{
    switch (verb) {
    case 'v':
        formatter_float(f, x, 'g', -1);
        return true;
    case 'b':
    case 'g':
    case 'G':
    case 'x':
    case 'X':
        formatter_float(f, x, (char)verb, -1);
        return true;
    case 'f':
    case 'e':
    case 'E':
        formatter_float(f, x, (char)verb, 6);
        return true;
    case 'F':
        formatter_float(f, x, 'f', 6);
        return true;
    default:
        return false;
    }
}

static void put_complex(struct formatter *f, const struct go_value *v, uint32_t verb)
{
    bool plus = f->flags.plus;

    if (verb > 0x7F || !strchr("vbgGxXfFeE", (int)verb)) {
        bad_verb(f, v, verb);
        return;
    }
    buf_put_byte(f->out, '(');
    (void)put_float_as(f, v->complex->real, verb);
    f->flags.plus = true;
    (void)put_float_as(f, v->complex->imaginary, verb);
    buf_lit(f->out, "i)");
    f->flags.plus = plus;
}

/* False: the verb is not one of strings. */
static bool put_text(struct formatter *f, struct str s, uint32_t verb)
{
    if (verb == 's' || (verb == 'v' && !f->flags.sharp_v))
        formatter_string(f, s);
    else if (verb == 'v' || verb == 'q')
        formatter_quoted(f, s);
    else if (verb == 'x' || verb == 'X')
        formatter_hex(f, s, verb == 'X');
    else
        return false;
    return true;
}

static void put_bytes(struct formatter *f, const struct go_value *v, uint32_t verb, unsigned depth)
{
    struct str s = v->text;

    if (verb == 's' || verb == 'q' || verb == 'x' || verb == 'X') {
        (void)put_text(f, s, verb);
        return;
    }
    if (f->flags.sharp_v && verb == 'v') {
        buf_put(f->out, depth == 0 ? STR("[]byte") : STR("[]uint8"));
        if (!s.ptr) {
            buf_lit(f->out, "(nil)");
            return;
        }
        buf_put_byte(f->out, '{');
    } else {
        buf_put_byte(f->out, '[');
    }
    for (size_t i = 0; i < s.len; i++) {
        struct go_value byte = go_number_of(GO_UINT8, (uint8_t)s.ptr[i]);

        if (i > 0)
            buf_put(f->out, f->flags.sharp_v ? STR(", ") : STR(" "));
        put_integer(f, &byte, verb);
    }
    buf_put_byte(f->out, f->flags.sharp_v && verb == 'v' ? '}' : ']');
}

static void put_list(struct formatter *f, const struct go_value *v, uint32_t verb, unsigned depth)
{
    if (f->flags.sharp_v) {
        buf_put(f->out, str_from_cstr(go_type_name(v)));
        if (!v->list->items && v->list->count == 0) {
            buf_lit(f->out, "(nil)");
            return;
        }
        buf_put_byte(f->out, '{');
    } else {
        buf_put_byte(f->out, '[');
    }
    for (size_t i = 0; i < v->list->count; i++) {
        if (i > 0)
            buf_put(f->out, f->flags.sharp_v ? STR(", ") : STR(" "));
        put_value(f, &v->list->items[i], verb, depth + 1);
    }
    buf_put_byte(f->out, f->flags.sharp_v ? '}' : ']');
}

static void put_map(struct formatter *f, const struct go_value *v, uint32_t verb, unsigned depth)
{
    const struct go_field *fields = go_map_sorted(v->map);

    if (f->flags.sharp_v) {
        buf_put(f->out, str_from_cstr(go_type_name(v)));
        if (!v->map->arena) {
            buf_lit(f->out, "(nil)");
            return;
        }
        buf_put_byte(f->out, '{');
    } else {
        buf_lit(f->out, "map[");
    }
    for (size_t i = 0; i < v->map->count; i++) {
        struct go_value key = go_string(fields[i].key);

        if (i > 0)
            buf_put(f->out, f->flags.sharp_v ? STR(", ") : STR(" "));
        put_value(f, &key, verb, depth + 1);
        buf_put_byte(f->out, ':');
        put_value(f, &fields[i].value, verb, depth + 1);
    }
    buf_put_byte(f->out, f->flags.sharp_v ? '}' : ']');
}

/* A pointer inside something: its address. */
static void put_address(struct formatter *f, const struct go_value *v, uint32_t verb)
{
    if (verb == 'v' && f->flags.sharp_v) {
        buf_printf(f->out, "(%s)(", go_type_name(v));
        put_0x(f, ADDRESS, true);
        buf_put_byte(f->out, ')');
    } else if (verb == 'v') {
        put_0x(f, ADDRESS, !f->flags.sharp);
    } else if (verb == 'b' || verb == 'o' || verb == 'd' || verb == 'x' || verb == 'X') {
        formatter_integer(f, ADDRESS,
                          verb == 'b'   ? 2
                          : verb == 'o' ? 8
                          : verb == 'd' ? 10
                                        : 16,
                          false, verb);
    } else {
        bad_verb(f, v, verb);
    }
}

static void put_object(struct formatter *f, const struct go_value *v, uint32_t verb, unsigned depth)
{
    const struct go_class *class = v->object->class;

    if (v->type == GO_POINTER && depth > 0) {
        put_address(f, v, verb);
        return;
    }
    if (v->type == GO_POINTER)
        buf_put_byte(f->out, '&');
    if (f->flags.sharp_v)
        buf_put(f->out, str_from_cstr(class->name + (class->name[0] == '*')));
    buf_put_byte(f->out, '{');
    for (size_t i = 0; class->fields[i]; i++) {
        if (i > 0)
            buf_put(f->out, f->flags.sharp_v ? STR(", ") : STR(" "));
        if (f->flags.plus_v || f->flags.sharp_v) {
            buf_put(f->out, str_from_cstr(class->fields[i]));
            buf_put_byte(f->out, ':');
        }
        put_value(f, &v->object->fields[i], verb, depth + 1);
    }
    buf_put_byte(f->out, '}');
}

/* What its String (or, with #, GoString) method says; false: it has none. */
static bool string_of(struct formatter *f, const struct go_value *v, struct str *ret)
{
    struct arena *a = f->out->arena;

    if (v->type == GO_TIME)
        *ret = f->flags.sharp_v ? time_go_string(a, v->time) : format_time(a, v->time);
    else if (f->flags.sharp_v)
        return false;
    else if (v->type == GO_DURATION)
        *ret = duration_format(a, v->integer);
    else if (v->type == GO_MONTH || v->type == GO_WEEKDAY)
        *ret = format_go_name(v);
    else if ((v->type == GO_STRUCT || v->type == GO_POINTER) && v->object->class->text &&
             (v->type == GO_POINTER || !v->object->class->text_needs_pointer))
        *ret = v->object->class->text(a, v->object);
    else
        return false;
    return true;
}

static bool put_method(struct formatter *f, const struct go_value *v, uint32_t verb)
{
    bool sharp_v = f->flags.sharp_v;
    struct str text;

    if (f->is_erroring || v->type < GO_DURATION || !string_of(f, v, &text))
        return false;
    if (sharp_v)
        formatter_string(f, text);
    else
        return put_text(f, text, verb);
    return true;
}

static void put_nil(struct formatter *f, uint32_t verb, unsigned depth)
{
    struct go_value nil = go_nil();

    if (depth > 0)
        buf_put(f->out, f->flags.sharp_v ? STR("interface {}(nil)") : STR("<nil>"));
    else if (verb == 'v' || verb == 'T')
        formatter_pad(f, STR("<nil>"));
    else
        bad_verb(f, &nil, verb);
}

static void put_value(struct formatter *f, const struct go_value *v, uint32_t verb, unsigned depth)
{
    if (depth > LIMIT_TREE_DEPTH || f->too_deep) {
        f->too_deep = true;
        return;
    }
    if (put_method(f, v, verb))
        return;
    switch (go_kind(v)) {
    case KIND_INVALID:
    case KIND_INTERFACE:
        put_nil(f, verb, depth);
        break;
    case KIND_BOOL:
        if (verb == 't' || verb == 'v')
            formatter_pad(f, v->boolean ? STR("true") : STR("false"));
        else
            bad_verb(f, v, verb);
        break;
    case KIND_INT:
    case KIND_INT64:
    case KIND_UINT8:
    case KIND_UINT32:
    case KIND_UINT64:
        put_integer(f, v, verb);
        break;
    case KIND_FLOAT64:
        if (!put_float_as(f, v->real, verb))
            bad_verb(f, v, verb);
        break;
    case KIND_COMPLEX128:
        put_complex(f, v, verb);
        break;
    case KIND_STRING:
        if (!put_text(f, v->text, verb))
            bad_verb(f, v, verb);
        break;
    case KIND_SLICE:
        if (v->type == GO_BYTES)
            put_bytes(f, v, verb, depth);
        else
            put_list(f, v, verb, depth);
        break;
    case KIND_MAP:
        put_map(f, v, verb, depth);
        break;
    case KIND_STRUCT:
    case KIND_PTR:
        if (v->type == GO_TIME)
            buf_lit(f->out, "{}");
        else
            put_object(f, v, verb, depth);
        break;
    }
}

void formatter_argument(struct formatter *f, const struct go_value *v, uint32_t verb)
{
    enum go_kind kind = go_kind(v);

    if (verb == 'T' && v->type > GO_NIL) {
        formatter_string(f, str_from_cstr(go_type_name(v)));
    } else if (verb == 'p' && v->type > GO_NIL) {
        if (kind == KIND_SLICE || kind == KIND_MAP || kind == KIND_PTR)
            put_0x(f, ADDRESS, !f->flags.sharp);
        else
            bad_verb(f, v, verb);
    } else if (verb == 'w') {
        bad_verb(f, v, verb);
    } else {
        put_value(f, v, verb, 0);
    }
}

bool format_value(struct buf *out, const struct go_value *v)
{
    struct formatter f = { .out = out };

    if (v->type == GO_STRING) {
        buf_put(out, v->text);
        return true;
    }
    if (v->type <= GO_INVALID) {
        buf_lit(out, "<no value>");
        return true;
    }
    put_value(&f, v, 'v', 0);
    return !f.too_deep;
}
