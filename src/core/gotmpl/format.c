/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/format.h"

#include "core/gotmpl/formatter.h"
#include "foreign/utf8.h"

/* Where a Printf stands. */
struct scan {
    struct formatter f;
    struct str format;
    size_t at;
    const struct go_value *args;
    size_t count;
    size_t next; /* argument */
    bool reordered;
    bool good_index;
    bool after_index;
};

enum { WIDTH_MAX = 1000000 };

/* Decimal digits at *at; false: none, or too many. */
static bool take_number(struct scan *s, size_t end, int *ret)
{
    int n = 0;
    bool any = false;

    *ret = 0;
    for (; s->at < end && s->format.ptr[s->at] >= '0' && s->format.ptr[s->at] <= '9'; s->at++) {
        if (n > WIDTH_MAX) {
            s->at = end;
            return false;
        }
        n = n * 10 + (s->format.ptr[s->at] - '0');
        any = true;
    }
    *ret = n;
    return any;
}

/* "[n]" before a verb or a star. */
static void take_index(struct scan *s)
{
    size_t close, begin = s->at;
    bool ok;
    int n;

    s->after_index = false;
    if (s->at >= s->format.len || s->format.ptr[s->at] != '[')
        return;
    s->reordered = true;
    close = str_find_byte(s->format, ']', begin);
    if (close == SIZE_MAX || s->format.len - begin < 3) {
        s->at = begin + 1;
        s->good_index = false;
        return;
    }
    s->at = begin + 1;
    ok = take_number(s, close, &n) && s->at == close;
    s->at = close + 1;
    if (ok && n >= 1 && (size_t)n <= s->count) {
        s->next = (size_t)n - 1;
        s->after_index = true;
        return;
    }
    s->good_index = false;
    s->after_index = ok;
}

static bool star_argument(struct scan *s, int *ret)
{
    const struct go_value *v;

    *ret = 0;
    if (s->next >= s->count)
        return false;
    v = &s->args[s->next++];
    if (!go_is_integer(v) || v->integer > WIDTH_MAX || v->integer < -WIDTH_MAX)
        return false;
    *ret = (int)v->integer;
    return true;
}

static void take_width(struct scan *s)
{
    struct format_flags *flags = &s->f.flags;

    if (s->at < s->format.len && s->format.ptr[s->at] == '*') {
        s->at++;
        flags->has_width = star_argument(s, &flags->width);
        if (!flags->has_width)
            buf_lit(s->f.out, "%!(BADWIDTH)");
        if (flags->width < 0) {
            flags->width = -flags->width;
            flags->minus = true;
            flags->zero = false;
        }
        s->after_index = false;
        return;
    }
    flags->has_width = take_number(s, s->format.len, &flags->width);
    if (s->after_index && flags->has_width)
        s->good_index = false;
}

static void take_precision(struct scan *s)
{
    struct format_flags *flags = &s->f.flags;

    if (s->at + 1 >= s->format.len || s->format.ptr[s->at] != '.')
        return;
    s->at++;
    if (s->after_index)
        s->good_index = false;
    take_index(s);
    if (s->at < s->format.len && s->format.ptr[s->at] == '*') {
        s->at++;
        flags->has_precision = star_argument(s, &flags->precision);
        if (flags->precision < 0) {
            flags->precision = 0;
            flags->has_precision = false;
        }
        if (!flags->has_precision)
            buf_lit(s->f.out, "%!(BADPREC)");
        s->after_index = false;
        return;
    }
    if (!take_number(s, s->format.len, &flags->precision))
        flags->precision = 0;
    flags->has_precision = true;
}

static void take_flags(struct scan *s)
{
    struct format_flags *flags = &s->f.flags;

    for (; s->at < s->format.len; s->at++) {
        char c = s->format.ptr[s->at];

        if (c == '#')
            flags->sharp = true;
        else if (c == '0')
            flags->zero = true;
        else if (c == '+')
            flags->plus = true;
        else if (c == '-')
            flags->minus = true;
        else if (c == ' ')
            flags->space = true;
        else
            return;
    }
}

static void bad_form(struct scan *s, uint32_t verb, struct str what)
{
    buf_lit(s->f.out, "%!");
    utf8_put(s->f.out, verb);
    buf_put(s->f.out, what);
}

/* What stands behind a percent sign. */
static void take_verb(struct scan *s)
{
    struct format_flags *flags = &s->f.flags;
    uint32_t verb;

    *flags = (struct format_flags){ 0 };
    s->good_index = true;
    s->after_index = false;
    take_flags(s);
    take_index(s);
    take_width(s);
    take_precision(s);
    if (!s->after_index)
        take_index(s);
    if (s->at >= s->format.len) {
        buf_lit(s->f.out, "%!(NOVERB)");
        return;
    }
    s->at += utf8_decode(str_skip(s->format, s->at), &verb);
    if (verb == '%') {
        buf_put_byte(s->f.out, '%');
    } else if (!s->good_index) {
        bad_form(s, verb, STR("(BADINDEX)"));
    } else if (s->next >= s->count) {
        bad_form(s, verb, STR("(MISSING)"));
    } else {
        if (verb == 'v' || verb == 'w') {
            flags->sharp_v = flags->sharp;
            flags->sharp = false;
            flags->plus_v = flags->plus;
            flags->plus = false;
        }
        formatter_argument(&s->f, &s->args[s->next], verb);
        s->next++;
    }
}

static void put_extra(struct scan *s)
{
    s->f.flags = (struct format_flags){ 0 };
    buf_lit(s->f.out, "%!(EXTRA ");
    for (size_t i = s->next; i < s->count; i++) {
        if (i > s->next)
            buf_lit(s->f.out, ", ");
        if (s->args[i].type > GO_NIL) {
            buf_put(s->f.out, str_from_cstr(go_type_name(&s->args[i])));
            buf_put_byte(s->f.out, '=');
        }
        formatter_argument(&s->f, &s->args[i], 'v');
    }
    buf_put_byte(s->f.out, ')');
}

bool format_printf(struct buf *out, struct str format, const struct go_value *args, size_t count)
{
    struct scan s = { .f.out = out, .format = format, .args = args, .count = count };

    while (s.at < format.len) {
        size_t percent = str_find_byte(format, '%', s.at);

        buf_put(out, str_slice(format, s.at, percent));
        if (percent == SIZE_MAX)
            break;
        s.at = percent + 1;
        take_verb(&s);
    }
    if (!s.reordered && s.next < count)
        put_extra(&s);
    return !s.f.too_deep;
}

bool format_print(struct buf *out, const struct go_value *args, size_t count)
{
    struct formatter f = { .out = out };
    bool was_string = false;

    for (size_t i = 0; i < count; i++) {
        bool is_string = args[i].type == GO_STRING;

        if (i > 0 && !is_string && !was_string)
            buf_put_byte(out, ' ');
        formatter_argument(&f, &args[i], 'v');
        was_string = is_string;
    }
    return !f.too_deep;
}

bool format_println(struct buf *out, const struct go_value *args, size_t count)
{
    struct formatter f = { .out = out };

    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_byte(out, ' ');
        formatter_argument(&f, &args[i], 'v');
    }
    buf_put_byte(out, '\n');
    return !f.too_deep;
}
