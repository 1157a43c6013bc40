/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/clock.h"
#include "base/limits.h"
#include "core/gotmpl/number.h"
#include "core/gotmpl/time.h"
#include "core/sprig/toml.h"
#include "value/val.h"

struct writer {
    struct buf *out;
    bool has_written;
};

/* The path to a table: names from the innermost outwards. */
struct key {
    struct str name;
    const struct key *parent;
    unsigned depth; /* 1: at the top */
};

enum toml_kind { TOML_NIL, TOML_SCALAR, TOML_ARRAY, TOML_TABLES, TOML_TABLE };

static struct err *put_any(struct writer *w, const struct key *key, const struct go_value *v);
static struct err *put_element(struct writer *w, const struct go_value *v, unsigned depth);

static struct err *bad(struct writer *w, const char *text)
{
    return err_new(w->out->arena, ERR_INVALID, "%s", text);
}

static bool is_table(const struct go_value *v)
{
    return go_is_map(v) || ((v->type == GO_STRUCT || v->type == GO_POINTER) &&
                            (!v->object->class->text || v->object->class->json));
}

/* Arrays whose items are all tables are written as [[name]]. */
static struct err *kind_of(struct writer *w, const struct go_value *v, enum toml_kind *ret)
{
    bool all = true;

    *ret = v->type <= GO_NIL || (go_is_map(v) && !v->map->arena) ? TOML_NIL
           : is_table(v)                                         ? TOML_TABLE
           : go_is_list(v)                                       ? TOML_ARRAY
                                                                 : TOML_SCALAR;
    if (*ret != TOML_ARRAY || v->type == GO_BYTES || go_length(v) == 0)
        return NULL;
    for (size_t i = 0; i < v->list->count; i++) {
        if (v->list->items[i].type <= GO_NIL)
            return bad(w, "toml: cannot encode array with nil element");
        if (v->list->items[i].type == GO_COMPLEX128)
            return bad(w, "unsupported type: complex128");
        all = all && is_table(&v->list->items[i]);
    }
    if (all)
        *ret = TOML_TABLES;
    return NULL;
}

static void put(struct writer *w, struct str s)
{
    buf_put(w->out, s);
    w->has_written = true;
}

static void new_line(struct writer *w)
{
    if (w->has_written)
        put(w, STR("\n"));
}

static void put_quoted(struct writer *w, struct str s)
{
    put(w, STR("\""));
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = (uint8_t)s.ptr[i];

        if (c == '"' || c == '\\')
            buf_printf(w->out, "\\%c", c);
        else if (c == '\b' || c == '\t' || c == '\n' || c == '\f' || c == '\r')
            buf_printf(w->out, "\\%c",
                       c == '\b'   ? 'b'
                       : c == '\t' ? 't'
                       : c == '\n' ? 'n'
                       : c == '\f' ? 'f'
                                   : 'r');
        else if (c < ' ' || c == 0x7F)
            buf_printf(w->out, "\\u%04x", c);
        else
            buf_put_byte(w->out, (char)c);
    }
    put(w, STR("\""));
}

static void put_key_part(struct writer *w, struct str s)
{
    bool bare = s.len > 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];

        bare = bare && ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
                        c == '_' || c == '-');
    }
    if (bare)
        put(w, s);
    else
        put_quoted(w, s);
}

static void put_path(struct writer *w, const struct key *key)
{
    if (key->parent) {
        put_path(w, key->parent);
        put(w, STR("."));
    }
    put_key_part(w, key->name);
}

static void put_indent(struct writer *w, const struct key *key)
{
    buf_fill(w->out, ' ', key ? ((size_t)key->depth - 1) * 2 : 0);
}

static void put_float(struct writer *w, double x)
{
    size_t before = w->out->len;
    struct str text;

    if (isnan(x)) {
        put(w, signbit(x) ? STR("-nan") : STR("nan"));
        return;
    }
    if (isinf(x)) {
        put(w, x < 0 ? STR("-inf") : STR("inf"));
        return;
    }
    number_put_float(w->out, x, 'g', -1);
    text = str_skip(buf_str(w->out), before);
    if (str_find_byte(text, '.', 0) == SIZE_MAX && str_find_byte(text, 'e', 0) == SIZE_MAX)
        put(w, STR(".0"));
    w->has_written = true;
}

static struct err *put_array(struct writer *w, const struct go_value *v, unsigned depth)
{
    struct err *e;

    put(w, STR("["));
    for (size_t i = 0; i < go_length(v); i++) {
        struct go_value item = go_item(v, i);

        if (i > 0)
            put(w, STR(", "));
        if (TRY(&e, put_element(w, &item, depth + 1)))
            return e;
    }
    put(w, STR("]"));
    return NULL;
}

/* Scalars first, then tables, each by name. `tables` chooses which. */
static struct err *is_wanted(struct writer *w, const struct go_value *v, bool tables, bool *ret)
{
    enum toml_kind kind;
    struct err *e;

    if (TRY(&e, kind_of(w, v, &kind)))
        return e;
    *ret = (kind == TOML_TABLE || kind == TOML_TABLES) == tables && kind != TOML_NIL;
    return NULL;
}

static struct err *put_inline_table(struct writer *w, const struct go_value *v, unsigned depth)
{
    const struct go_field *fields = go_map_sorted(v->map);
    bool first = true;
    struct err *e;

    put(w, STR("{"));
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < v->map->count; i++) {
            bool wanted;

            if (TRY(&e, is_wanted(w, &fields[i].value, pass == 1, &wanted)))
                return e;
            if (!wanted)
                continue;
            if (!first)
                put(w, STR(", "));
            first = false;
            put_key_part(w, fields[i].key);
            put(w, STR(" = "));
            if (TRY(&e, put_element(w, &fields[i].value, depth + 1)))
                return e;
        }
    }
    put(w, STR("}"));
    return NULL;
}

static void put_time(struct writer *w, const struct go_time *t)
{
    struct str name = t->name;

    if (str_is(name, "datetime-local"))
        time_put(w->out, t, STR("2006-01-02T15:04:05.999999999"));
    else if (str_is(name, "date-local"))
        time_put(w->out, t, STR("2006-01-02"));
    else if (str_is(name, "time-local"))
        time_put(w->out, t, STR("15:04:05.999999999"));
    else
        time_put(w->out, t, STR("2006-01-02T15:04:05.999999999Z07:00"));
    w->has_written = true;
}

/* Structs are written as maps of their fields. */
static struct err *as_map(struct writer *w, const struct go_value *v, struct go_value *ret)
{
    const struct go_class *class;

    *ret = *v;
    if (go_is_map(v))
        return NULL;
    class = v->object->class;
    *ret = go_map_new(w->out->arena, GO_MAP);
    for (size_t i = 0; class->fields[i]; i++)
        if (class->fields[i][0] < 'a')
            go_map_set(ret->map, str_from_cstr(class->fields[i]), v->object->fields[i]);
    return NULL;
}

static struct err *put_scalar(struct writer *w, const struct go_value *v)
{
    struct arena *a = w->out->arena;

    if (v->type == GO_COMPLEX128)
        return bad(w, "unsupported type: complex128");
    if (v->type == GO_STRING)
        put_quoted(w, v->text);
    else if (v->type == GO_BOOL)
        put(w, v->boolean ? STR("true") : STR("false"));
    else if (v->type == GO_DURATION)
        put_quoted(w, duration_format(a, v->integer));
    else if (v->type == GO_TIME)
        put_time(w, v->time);
    else if (v->type == GO_FLOAT64)
        put_float(w, v->real);
    else if (v->type == GO_STRUCT || v->type == GO_POINTER)
        put_quoted(w, v->object->class->text(a, v->object));
    else if (go_kind(v) >= KIND_UINT8)
        put(w, str_printf(a, "%llu", (unsigned long long)v->natural));
    else
        put(w, str_printf(a, "%lld", (long long)v->integer));
    return NULL;
}

static struct err *put_element(struct writer *w, const struct go_value *v, unsigned depth)
{
    struct go_value map;
    struct err *e;

    if (depth > LIMIT_TREE_DEPTH)
        return err_new(w->out->arena, ERR_TOO_LARGE,
                       "value is nested deeper than %d levels, or inside itself", LIMIT_TREE_DEPTH);
    if (v->type <= GO_NIL)
        return bad(w, "toml: cannot encode array with nil element");
    if (go_is_list(v))
        return put_array(w, v, depth);
    if (!is_table(v))
        return put_scalar(w, v);
    if (TRY(&e, as_map(w, v, &map)))
        return e;
    return put_inline_table(w, &map, depth);
}

static struct err *put_fields(struct writer *w, const struct key *key, const struct go_value *v)
{
    const struct go_field *fields;
    struct go_value map;
    struct err *e;

    if (TRY(&e, as_map(w, v, &map)))
        return e;
    fields = go_map_sorted(map.map);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < map.map->count; i++) {
            struct key child = { fields[i].key, key, key ? key->depth + 1 : 1 };
            bool wanted;

            if (TRY(&e, is_wanted(w, &fields[i].value, pass == 1, &wanted)))
                return e;
            if (wanted && TRY(&e, put_any(w, &child, &fields[i].value)))
                return e;
        }
    }
    return NULL;
}

static struct err *put_tables(struct writer *w, const struct key *key, const struct go_value *v)
{
    struct err *e;

    if (!key)
        return bad(w, "toml: top-level values must be Go maps or structs");
    for (size_t i = 0; i < v->list->count; i++) {
        new_line(w);
        put_indent(w, key);
        put(w, STR("[["));
        put_path(w, key);
        put(w, STR("]]"));
        new_line(w);
        if (TRY(&e, put_fields(w, key, &v->list->items[i])))
            return e;
    }
    return NULL;
}

static struct err *put_any(struct writer *w, const struct key *key, const struct go_value *v)
{
    enum toml_kind kind;
    struct err *e;

    if (key && key->depth > LIMIT_TREE_DEPTH)
        return err_new(w->out->arena, ERR_TOO_LARGE,
                       "value is nested deeper than %d levels, or inside itself", LIMIT_TREE_DEPTH);
    if (TRY(&e, kind_of(w, v, &kind)) || kind == TOML_NIL)
        return e;
    if (v->type == GO_COMPLEX128 && !key)
        return bad(w, "unsupported type for key '': complex128");
    if (kind == TOML_TABLES)
        return put_tables(w, key, v);
    if (kind == TOML_TABLE) {
        if (key && key->depth == 1)
            new_line(w);
        if (key) {
            put_indent(w, key);
            put(w, STR("["));
            put_path(w, key);
            put(w, STR("]"));
            new_line(w);
        }
        return put_fields(w, key, v);
    }
    if (key) {
        put_indent(w, key);
        put_key_part(w, key->name);
        put(w, STR(" = "));
    }
    if (TRY(&e, put_element(w, v, 0)))
        return e;
    if (key)
        new_line(w);
    return NULL;
}

struct err *toml_write(struct buf *out, const struct go_value *v)
{
    struct writer w = { .out = out };

    return put_any(&w, NULL, v);
}
