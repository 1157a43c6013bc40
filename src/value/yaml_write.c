/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "value/number_text.h"
#include "value/yaml.h"
#include "value/yaml_order.h"
#include "value/yaml_scalar.h"

enum { STEP = 2 };

struct writer {
    struct yaml_line line;
    unsigned flags;
};

/*
 * sigs.k8s.io/yaml prints through JSON, where a whole number has no point and reads back as an integer (so that -0
 * loses its sign); one up to 2^64 - 1 keeps its digits.
 */
static void put_float(struct buf *out, const struct val *v)
{
    uint64_t whole;

    if (v->text.len > 0 && str_to_uint64(v->text, &whole) && (double)whole == v->real)
        buf_printf(out, "%llu", (unsigned long long)whole);
    else if (v->real == 0)
        buf_put_byte(out, '0');
    else if (v->real > -0x1p63 && v->real < 0x1p64 && __builtin_trunc(v->real) == v->real)
        number_put_json(out, v->real);
    else
        number_put_g(out, v->real);
}

static void write_number(struct writer *w, const struct val *v)
{
    struct buf text;

    buf_init(&text, w->line.out->arena, 0);
    if (v->kind == VAL_INT)
        buf_put_int(&text, v->integer);
    else if (w->flags & YAML_GO_FLOATS)
        number_put_g(&text, v->real);
    else
        put_float(&text, v);
    yaml_line_indicator(&w->line, buf_str(&text), true, false, false);
}

/* Continuation lines of a scalar stand one step deeper than `indent`. */
static void write_leaf(struct writer *w, const struct val *v, size_t indent)
{
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        yaml_line_indicator(&w->line, STR("null"), true, false, false);
        break;
    case VAL_BOOL:
        yaml_line_indicator(&w->line, v->boolean ? STR("true") : STR("false"), true, false, false);
        break;
    case VAL_INT:
    case VAL_FLOAT:
        write_number(w, v);
        break;
    case VAL_STRING:
        yaml_scalar_write(&w->line, v->text, YAML_SCALAR_VALUE, indent + STEP);
        break;
    case VAL_SEQ:
        yaml_line_indicator(&w->line, STR("[]"), true, false, false);
        break;
    case VAL_MAP:
        yaml_line_indicator(&w->line, STR("{}"), true, false, false);
        break;
    }
}

static void write_map(struct writer *w, const struct val *v, size_t indent);
static void write_seq(struct writer *w, const struct val *v, size_t indent);

/* The value behind "key:"; collections go on the lines below it. */
static void write_field_value(struct writer *w, const struct val *v, size_t indent)
{
    if (val_count(v) == 0)
        write_leaf(w, v, indent);
    else if (v->kind == VAL_MAP)
        write_map(w, v, indent + STEP);
    else
        write_seq(w, v, w->flags & YAML_SEQ_INDENT ? indent + STEP : indent);
}

/* A node that begins on the line where the writer stands, behind "- ", "? " or ": ". */
static void write_inline(struct writer *w, const struct val *v, size_t indent)
{
    if (val_count(v) == 0)
        write_leaf(w, v, indent);
    else if (v->kind == VAL_MAP)
        write_map(w, v, indent + STEP);
    else
        write_seq(w, v, indent + STEP);
}

static void write_map(struct writer *w, const struct val *v, size_t indent)
{
    const struct val_field *fields = w->flags & YAML_KEEP_ORDER ? v->fields
                                                                : yaml_order(w->line.out->arena, v);

    for (uint32_t i = 0; i < v->count; i++) {
        yaml_line_indent(&w->line, indent);
        if (yaml_scalar_is_simple_key(fields[i].key)) {
            yaml_scalar_write(&w->line, fields[i].key, YAML_SCALAR_SIMPLE_KEY, indent + STEP);
            yaml_line_indicator(&w->line, STR(":"), false, false, false);
            write_field_value(w, fields[i].value, indent);
        } else {
            yaml_line_indicator(&w->line, STR("?"), true, false, true);
            yaml_scalar_write(&w->line, fields[i].key, YAML_SCALAR_VALUE, indent + STEP);
            yaml_line_indent(&w->line, indent);
            yaml_line_indicator(&w->line, STR(":"), true, false, true);
            write_inline(w, fields[i].value, indent);
        }
    }
}

static void write_seq(struct writer *w, const struct val *v, size_t indent)
{
    for (uint32_t i = 0; i < v->count; i++) {
        yaml_line_indent(&w->line, indent);
        yaml_line_indicator(&w->line, STR("-"), true, false, true);
        write_inline(w, v->items[i], indent);
    }
}

void yaml_write(struct buf *out, const struct val *v, unsigned flags)
{
    struct writer w = {
        .line = { .out = out, .whitespace = true, .indention = true },
        .flags = flags,
    };

    if (val_count(v) == 0)
        write_leaf(&w, v, 0);
    else if (v->kind == VAL_MAP)
        write_map(&w, v, 0);
    else
        write_seq(&w, v, 0);
    if (w.line.column > 0 || out->len == 0)
        yaml_line_break(&w.line);
}

struct str yaml_string(struct arena *a, const struct val *v, unsigned flags)
{
    struct buf out;

    buf_init(&out, a, 0);
    yaml_write(&out, v, flags);
    return buf_str(&out);
}
