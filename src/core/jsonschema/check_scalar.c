/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "core/jsonschema/state.h"
#include "foreign/utf8.h"
#include "value/json.h"

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

static bool is_type_name(const struct val *v)
{
    static const char *const names[] = { "null",   "boolean", "string", "array",
                                         "object", "integer", "number" };
    for (size_t i = 0; val_is(v, VAL_STRING) && i < sizeof names / sizeof names[0]; i++)
        if (str_eq(v->text, str_from_cstr(names[i])))
            return true;
    return false;
}

static bool check_type(struct state *s, const struct val *type, const struct val *v,
                       const struct place *at)
{
    struct str wanted = STR("");
    if (!type)
        return true;
    for (size_t i = 0; i < (type->kind == VAL_SEQ ? type->count : 1); i++) {
        const struct val *one = type->kind == VAL_SEQ ? type->items[i] : type;
        if (!is_type_name(one))
            return schema_broken(s, one, "type must be the name of a type, or a list of them");
        if (has_type(v, one->text))
            return true;
        wanted = wanted.len > 0
                     ? str_printf(s->arena, "%.*s or %.*s", STR_ARG(wanted), STR_ARG(one->text))
                     : one->text;
    }
    return schema_problem(s, at, "got %s, want %.*s", val_kind_name(v), STR_ARG(wanted));
}

static bool check_choice(struct state *s, const struct val *schema, const struct val *v,
                         const struct place *at)
{
    const struct val *list = val_get(schema, STR("enum"));
    const struct val *only = keyword(s, schema, "const", DRAFT_6);
    bool found = !list;
    if (list && list->kind != VAL_SEQ)
        return schema_broken(s, list, "enum must be an array");
    for (size_t i = 0; !found && i < val_count(list); i++)
        found = val_eq(list->items[i], v);
    if (!found)
        return schema_problem(s, at, "value must be one of %.*s",
                              STR_ARG(json_string(s->arena, list, JSON_COMPACT)));
    if (only && !val_eq(only, v))
        return schema_problem(s, at, "value must be %.*s",
                              STR_ARG(json_string(s->arena, only, JSON_COMPACT)));
    return true;
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

static bool check_number(struct state *s, const struct val *schema, const struct val *v,
                         const struct place *at)
{
    double x = number_of(v), limit;
    bool strict_low = s->draft == DRAFT_4 && val_at_bool(schema, "exclusiveMinimum", false);
    bool strict_high = s->draft == DRAFT_4 && val_at_bool(schema, "exclusiveMaximum", false);
    bool good = true;
    if (bound(s, schema, "minimum", &limit) && (x < limit || (strict_low && x <= limit)))
        good = schema_problem(s, at, "minimum: got %g, want %g", x, limit);
    if (bound(s, schema, "maximum", &limit) && (x > limit || (strict_high && x >= limit)))
        good = schema_problem(s, at, "maximum: got %g, want %g", x, limit);
    if (bound(s, schema, "exclusiveMinimum", &limit) && x <= limit)
        good = schema_problem(s, at, "exclusiveMinimum: got %g, want more than %g", x, limit);
    if (bound(s, schema, "exclusiveMaximum", &limit) && x >= limit)
        good = schema_problem(s, at, "exclusiveMaximum: got %g, want less than %g", x, limit);
    if (bound(s, schema, "multipleOf", &limit) && !is_multiple(x, limit))
        good = schema_problem(s, at, "multipleOf: got %g, want a multiple of %g", x, limit);
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

static bool check_string(struct state *s, const struct val *schema, const struct val *v,
                         const struct place *at)
{
    const struct val *pattern = val_get(schema, STR("pattern"));
    const struct val *format = val_get(schema, STR("format"));
    double limit, length = (double)count_runes(v->text);
    bool good = true;
    if (bound(s, schema, "minLength", &limit) && length < limit)
        good = schema_problem(s, at, "minLength: got %g, want %g", length, limit);
    if (bound(s, schema, "maxLength", &limit) && length > limit)
        good = schema_problem(s, at, "maxLength: got %g, want %g", length, limit);
    if (pattern && pattern->kind != VAL_STRING)
        return schema_broken(s, pattern, "pattern must be a string");
    if (pattern && !pattern_matches(s, pattern, pattern->text, v->text))
        good = schema_problem(s, at, "'%.*s' does not match pattern '%.*s'", STR_ARG(v->text),
                              STR_ARG(pattern->text));
    if (val_is(format, VAL_STRING) && s->draft <= DRAFT_7 &&
        !format_fits(s->arena, format->text, v->text))
        good = schema_problem(s, at, "'%.*s' is not valid %.*s", STR_ARG(v->text),
                              STR_ARG(format->text));
    return good;
}

bool check_scalar(struct state *s, const struct val *schema, const struct val *v,
                  const struct place *at)
{
    bool good = check_type(s, val_get(schema, STR("type")), v, at);
    good = check_choice(s, schema, v, at) && good;
    if (is_number(v))
        good = check_number(s, schema, v, at) && good;
    if (v->kind == VAL_STRING)
        good = check_string(s, schema, v, at) && good;
    return good;
}
