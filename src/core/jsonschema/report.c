/* SPDX-License-Identifier: Apache-2.0 */
/* What does not fit, as a tree of causes, and its text as santhosh-tekuri/jsonschema prints it. */
#include "core/jsonschema/report.h"

#include <stdarg.h>

#include "base/limits.h"
#include "core/gotmpl/quote.h"
#include "value/number_text.h"

struct str report_quoted(struct arena *a, struct str s)
{
    struct str text = quote_go(a, s);
    struct buf out;
    buf_init(&out, a, 0);
    buf_put_byte(&out, '\'');
    for (size_t i = 1; i + 1 < text.len; i++) {
        if (text.ptr[i] == '\\' && text.ptr[i + 1] == '"')
            continue;
        if (text.ptr[i] == '\'')
            buf_put_byte(&out, '\\');
        buf_put_byte(&out, text.ptr[i]);
        if (text.ptr[i] == '\\')
            buf_put_byte(&out, text.ptr[++i]);
    }
    buf_put_byte(&out, '\'');
    return buf_str(&out);
}

struct str report_list(struct arena *a, const struct str *names, size_t count)
{
    struct buf out;
    buf_init(&out, a, 0);
    for (size_t i = 0; i < count; i++)
        buf_printf(&out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(report_quoted(a, names[i])));
    return buf_str(&out);
}

static void put_grouped(struct buf *out, struct str digits)
{
    for (size_t i = 0; i < digits.len; i++) {
        if (i > 0 && (digits.len - i) % 3 == 0)
            buf_put_byte(out, ',');
        buf_put_byte(out, digits.ptr[i]);
    }
}

struct str report_count(struct arena *a, uint64_t n)
{
    struct buf out;
    buf_init(&out, a, 0);
    put_grouped(&out, str_printf(a, "%llu", (unsigned long long)n));
    return buf_str(&out);
}

static void put_superscript(struct buf *out, int n)
{
    static const char *const digits[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    unsigned left = n < 0 ? (unsigned)-n : (unsigned)n; /* a double's has three digits at most */
    if (n < 0)
        buf_put(out, STR("⁻"));
    if (left >= 100)
        buf_put(out, str_from_cstr(digits[left / 100]));
    buf_put(out, str_from_cstr(digits[left / 10 % 10]));
    buf_put(out, str_from_cstr(digits[left % 10]));
}

/* Significant digits without zeros at either end, and the power of ten of the first one. */
static struct str digits_of(struct arena *a, double x, int *ret_exponent)
{
    struct buf text, digits;
    int point = -1, lead = 0;
    int64_t power = 0;
    buf_init(&text, a, 0);
    buf_init(&digits, a, 0);
    number_put_g(&text, x < 0 ? -x : x);
    struct str number = buf_str(&text);
    for (size_t i = 0; i < number.len; i++) {
        char c = number.ptr[i];
        if (c == '.') {
            point = (int)digits.len + lead;
        } else if (c == 'e') {
            (void)str_to_int64(str_skip(number, number.ptr[i + 1] == '+' ? i + 2 : i + 1), &power);
            break;
        } else if (digits.len == 0 && c == '0') {
            lead++;
        } else {
            buf_put_byte(&digits, c);
        }
    }
    if (point < 0)
        point = (int)digits.len + lead;
    *ret_exponent = (int)power + point - lead - 1;
    struct str out = buf_str(&digits);
    while (out.len > 0 && out.ptr[out.len - 1] == '0')
        out.len--;
    return out;
}

struct str report_number(struct arena *a, double x)
{
    int exponent;
    struct str digits = digits_of(a, x, &exponent);
    struct buf out;
    buf_init(&out, a, 0);
    if (x < 0)
        buf_put_byte(&out, '-');
    if (digits.len == 0) {
        buf_put_byte(&out, '0');
    } else if (exponent < -4 || exponent >= 6) {
        buf_put(&out, str_slice(digits, 0, 1));
        buf_printf(&out, "%s%.*s×10", digits.len > 1 ? "." : "", STR_ARG(str_skip(digits, 1)));
        put_superscript(&out, exponent);
    } else {
        struct buf whole;
        buf_init(&whole, a, 0);
        for (int i = 0; i <= exponent; i++)
            buf_put_byte(&whole, (size_t)i < digits.len ? digits.ptr[i] : '0');
        put_grouped(&out, exponent < 0 ? STR("0") : buf_str(&whole));
        if (exponent < 0 || digits.len > (size_t)exponent + 1)
            buf_put_byte(&out, '.');
        for (int i = exponent + 1; i < 0; i++)
            buf_put_byte(&out, '0');
        buf_put(&out, str_skip(digits, exponent < 0 ? 0 : (size_t)exponent + 1));
    }
    return buf_str(&out);
}

struct str report_value(struct arena *a, const struct val *v)
{
    switch ((enum val_kind)v->kind) {
    case VAL_STRING:
        return report_quoted(a, v->text);
    case VAL_NULL:
        return STR("<nil>");
    case VAL_BOOL:
        return v->boolean ? STR("true") : STR("false");
    case VAL_INT:
        return v->text.len > 0 ? v->text : str_printf(a, "%lld", (long long)v->integer);
    case VAL_FLOAT: {
        struct buf out;
        if (v->text.len > 0)
            return v->text;
        buf_init(&out, a, 0);
        number_put_g(&out, v->real);
        return buf_str(&out);
    }
    case VAL_SEQ:
    case VAL_MAP:
        break;
    }
    return STR("value");
}

/* "/spec/items/0", with ~ and / escaped. */
static void put_place(struct buf *out, const struct place *at)
{
    if (!at)
        return;
    put_place(out, at->parent);
    buf_put_byte(out, '/');
    if (!at->key.ptr)
        buf_printf(out, "%zu", at->index);
    for (size_t i = 0; at->key.ptr && i < at->key.len; i++) {
        char c = at->key.ptr[i];
        if (c == '~' || c == '/')
            buf_put(out, c == '~' ? STR("~0") : STR("~1"));
        else
            buf_put_byte(out, c);
    }
}

static void add(struct state *s, const struct problem *p)
{
    if (s->problems.count < LIMIT_BUILD_ERRORS) /* more would not be read */
        *VEC_PUSH(s->arena, &s->problems) = p;
}

static bool report(struct state *s, const struct place *at, const struct problems *causes,
                   bool is_reference, struct str text)
{
    struct problem *p = ARENA_NEW(s->arena, struct problem);
    struct buf where;
    buf_init(&where, s->arena, 0);
    put_place(&where, at);
    p->text = str_printf(s->arena, "at %.*s: %.*s",
                         STR_ARG(report_quoted(s->arena, buf_str(&where))), STR_ARG(text));
    p->is_reference = is_reference;
    if (causes)
        p->causes = *causes;
    add(s, p);
    return false;
}

bool schema_problem(struct state *s, const struct place *at, const char *format, ...)
{
    va_list args;
    if (s->is_silent)
        return false;
    va_start(args, format);
    struct err *e = err_newv(s->arena, ERR_INVALID, format, args);
    va_end(args);
    return report(s, at, NULL, false, e->msg);
}

bool schema_problem_of(struct state *s, const struct place *at, const struct problems *causes,
                       struct str text)
{
    return s->is_silent ? false : report(s, at, causes, false, text);
}

/* What failed below a reference counts as its own. */
bool report_reference(struct state *s, const struct place *at, const struct problems *causes)
{
    const struct problems *list = causes;
    if (s->is_silent)
        return false;
    if (causes->count == 1 && causes->items[0]->is_group)
        list = &causes->items[0]->causes;
    return report(s, at, list, true, STR("validation failed"));
}

void report_group(struct state *s, const struct place *at, const struct problems *found)
{
    if (found->count == 1)
        add(s, found->items[0]);
    if (found->count <= 1)
        return;
    (void)report(s, at, found, false, STR("validation failed"));
    if (s->problems.count > 0)
        ((struct problem *)(uintptr_t)s->problems.items[s->problems.count - 1])->is_group = true;
}

static void put_problem(struct buf *out, const struct problem *p, unsigned indent)
{
    if (!p->is_reference || p->causes.count != 1) {
        buf_put_byte(out, '\n');
        for (unsigned i = 1; i < indent; i++)
            buf_put(out, STR("  "));
        buf_printf(out, "- %.*s", STR_ARG(p->text));
        indent++;
    }
    for (size_t i = 0; i < p->causes.count; i++)
        put_problem(out, p->causes.items[i], indent);
}

struct str report_text(struct arena *a, const struct problems *problems)
{
    const struct problems *list = problems;
    struct buf out;
    buf_init(&out, a, 0);
    if (problems->count == 1 && problems->items[0]->is_group)
        list = &problems->items[0]->causes;
    for (size_t i = 0; i < list->count; i++)
        put_problem(&out, list->items[i], 1);
    return str_skip(buf_str(&out), out.len > 0);
}
