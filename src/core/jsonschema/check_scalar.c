/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "core/jsonschema/report.h"
#include "foreign/utf8.h"

static bool is_number(const struct val *v)
{
    return v->kind == VAL_INT || v->kind == VAL_FLOAT;
}

static double number_of(const struct val *v)
{
    double x = 0;
    (void)val_to_double(v, &x);
    return x;
}

static bool is_whole(const struct val *v)
{
    return v->kind == VAL_INT || (v->kind == VAL_FLOAT && trunc(v->real) == v->real);
}

static bool has_type(const struct val *v, struct str type)
{
    static const struct {
        const char *name;
        enum val_kind kind;
    } types[] = { { "null", VAL_NULL },
                  { "boolean", VAL_BOOL },
                  { "string", VAL_STRING },
                  { "array", VAL_SEQ },
                  { "object", VAL_MAP } };
    if (str_is(type, "integer"))
        return is_number(v) && is_whole(v);
    if (str_is(type, "number"))
        return is_number(v);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_eq(str_from_cstr(types[i].name), type))
            return v->kind == types[i].kind;
    return false;
}

/* In the order in which the library lists them. */
static const char *const type_names[] = { "null",   "boolean", "number", "integer",
                                          "string", "array",   "object" };
enum { TYPE_COUNT = sizeof type_names / sizeof type_names[0] };

static size_t type_index(const struct val *v)
{
    size_t i = 0;
    while (i < TYPE_COUNT &&
           !(val_is(v, VAL_STRING) && str_eq(v->text, str_from_cstr(type_names[i]))))
        i++;
    return i;
}

static bool check_type(struct state *s, const struct val *type, const struct val *v,
                       const struct place *at)
{
    bool wanted[TYPE_COUNT + 1] = { false };
    struct buf list;
    if (!type)
        return true;
    for (size_t i = 0; i < (type->kind == VAL_SEQ ? type->count : 1); i++) {
        const struct val *one = type->kind == VAL_SEQ ? type->items[i] : type;
        wanted[type_index(one)] = true;
        if (wanted[TYPE_COUNT])
            return schema_broken(s, one, "type must be the name of a type, or a list of them");
        if (has_type(v, one->text))
            return true;
    }
    buf_init(&list, s->arena, 0);
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (wanted[i])
            buf_printf(&list, "%s%s", list.len > 0 ? " or " : "", type_names[i]);
    return schema_problem(s, at, "got %s, want %.*s", val_kind_name(v), STR_ARG(buf_str(&list)));
}

static bool is_scalar(const struct val *v)
{
    return v->kind != VAL_MAP && v->kind != VAL_SEQ;
}

static bool check_const(struct state *s, const struct val *schema, const struct val *v,
                        const struct place *at)
{
    const struct val *only = keyword(s, schema, "const", DRAFT_6);
    if (!only || val_eq(only, v))
        return true;
    if (!is_scalar(only))
        return schema_problem(s, at, "'const' failed");
    return schema_problem(s, at, "value must be %.*s", STR_ARG(report_value(s->arena, only)));
}

static bool check_enum(struct state *s, const struct val *list, const struct val *v,
                       const struct place *at)
{
    bool scalars = true;
    struct buf values;
    if (!list)
        return true;
    if (list->kind != VAL_SEQ)
        return schema_broken(s, list, "enum must be an array");
    buf_init(&values, s->arena, 0);
    for (size_t i = 0; i < list->count; i++) {
        if (val_eq(list->items[i], v))
            return true;
        scalars = scalars && is_scalar(list->items[i]);
        buf_printf(&values, "%s%.*s", i > 0 ? ", " : "",
                   STR_ARG(report_value(s->arena, list->items[i])));
    }
    if (!scalars)
        return schema_problem(s, at, "'enum' failed");
    return schema_problem(s, at, "value must be %s%.*s", list->count == 1 ? "" : "one of ",
                          STR_ARG(buf_str(&values)));
}

static bool check_format(struct state *s, const struct val *format, const struct val *v,
                         const struct place *at)
{
    if (v->kind != VAL_STRING || !val_is(format, VAL_STRING) || s->draft > DRAFT_7 ||
        format_fits(s->arena, format->text, v->text))
        return true;
    return schema_problem(s, at, "%.*s is not valid %.*s",
                          STR_ARG(report_quoted(s->arena, v->text)), STR_ARG(format->text));
}

bool check_identity(struct state *s, const struct val *schema, const struct val *v,
                    const struct place *at)
{
    /* Beside a $ref of these drafts the library reads what draft 4 did not have. */
    if (s->draft <= DRAFT_7 && val_get(schema, STR("$ref")))
        return check_const(s, schema, v, at);
    return check_type(s, val_get(schema, STR("type")), v, at) && check_const(s, schema, v, at) &&
           check_enum(s, val_get(schema, STR("enum")), v, at) &&
           check_format(s, val_get(schema, STR("format")), v, at);
}

/* A bound: the keyword's number, or false when there is none. */
static bool bound(struct state *s, const struct val *schema, const char *name, double *ret)
{
    const struct val *v = val_get(schema, str_from_cstr(name));
    *ret = 0;
    if (!v || (v->kind == VAL_BOOL && s->draft == DRAFT_4))
        return false;
    if (!is_number(v))
        return schema_broken(s, v, "a bound must be a number");
    *ret = number_of(v);
    return true;
}

static bool is_multiple(double x, double of)
{
    double quotient = x / of;
    return of == 0 || fabs(quotient - nearbyint(quotient)) <= 1e-9 * fabs(quotient) ||
           fabs(quotient - nearbyint(quotient)) < 1e-12;
}

static bool beyond(struct state *s, const struct place *at, const char *name, double x,
                   double limit)
{
    return schema_problem(s, at, "%s: got %.*s, want %.*s", name,
                          STR_ARG(report_number(s->arena, x)),
                          STR_ARG(report_number(s->arena, limit)));
}

/* In draft 4 exclusiveMinimum and exclusiveMaximum say how the bound is meant. */
static bool check_number(struct state *s, const struct val *schema, const struct val *v,
                         const struct place *at)
{
    double x = number_of(v), limit;
    bool strict_low = val_at_bool(schema, "exclusiveMinimum", false);
    bool strict_high = val_at_bool(schema, "exclusiveMaximum", false);
    bool good = true;
    if (bound(s, schema, "minimum", &limit) && !strict_low && x < limit)
        good = beyond(s, at, "minimum", x, limit);
    if (bound(s, schema, "maximum", &limit) && !strict_high && x > limit)
        good = beyond(s, at, "maximum", x, limit);
    if (bound(s, schema, strict_low ? "minimum" : "exclusiveMinimum", &limit) && x <= limit)
        good = beyond(s, at, "exclusiveMinimum", x, limit);
    if (bound(s, schema, strict_high ? "maximum" : "exclusiveMaximum", &limit) && x >= limit)
        good = beyond(s, at, "exclusiveMaximum", x, limit);
    if (bound(s, schema, "multipleOf", &limit) && !is_multiple(x, limit))
        good = beyond(s, at, "multipleOf", x, limit);
    return good;
}

static size_t count_runes(struct str text)
{
    size_t count = 0, width;
    uint32_t rune;
    while ((width = utf8_decode(text, &rune)) > 0) {
        text = str_skip(text, width);
        count++;
    }
    return count;
}

bool check_size(struct state *s, const struct val *schema, const char *name, size_t size,
                const struct place *at)
{
    bool is_most = name[1] == 'a';
    double limit;
    if (!bound(s, schema, name, &limit) ||
        (is_most ? (double)size <= limit : (double)size >= limit))
        return !s->fatal;
    return schema_problem(s, at, "%s: got %.*s, want %.*s", name,
                          STR_ARG(report_count(s->arena, size)),
                          STR_ARG(report_count(s->arena, limit < 0 ? 0 : (uint64_t)limit)));
}

static bool check_string(struct state *s, const struct val *schema, const struct val *v,
                         const struct place *at)
{
    const struct val *pattern = val_get(schema, STR("pattern"));
    size_t length = count_runes(v->text);
    bool good = check_size(s, schema, "minLength", length, at);
    good = check_size(s, schema, "maxLength", length, at) && good;
    if (pattern && pattern->kind != VAL_STRING)
        return schema_broken(s, pattern, "pattern must be a string");
    if (pattern && !pattern_matches(s, pattern, pattern->text, v->text))
        good = schema_problem(s, at, "%.*s does not match pattern %.*s",
                              STR_ARG(report_quoted(s->arena, v->text)),
                              STR_ARG(report_quoted(s->arena, pattern->text)));
    return good;
}

bool check_scalar(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at)
{
    if (v->kind == VAL_STRING)
        return check_string(s, schema, v, at);
    return !is_number(v) || check_number(s, schema, v, at);
}
