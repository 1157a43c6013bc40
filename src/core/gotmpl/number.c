/* SPDX-License-Identifier: Apache-2.0 */
/* Reading numbers, and the number constants of templates. */
#include "core/gotmpl/number.h"

#include <math.h>

#include "core/gotmpl/parse.h"
#include "core/gotmpl/quote.h"
#include "foreign/float_text.h"

/* Underscores may only stand between digits, or after a base prefix. */
static bool underscores_are_ok(struct str s)
{
    char before = '^';
    bool hex = false;
    size_t i = 0;

    if (s.len > 0 && (s.ptr[0] == '+' || s.ptr[0] == '-'))
        i = 1;
    if (s.len >= i + 2 && s.ptr[i] == '0' && strchr("bBoOxX", s.ptr[i + 1])) {
        before = '0';
        hex = (s.ptr[i + 1] | 0x20) == 'x';
        i += 2;
    }
    for (; i < s.len; i++) {
        char c = s.ptr[i];

        if ((c >= '0' && c <= '9') || (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')) {
            before = '0';
        } else if (c == '_') {
            if (before != '0')
                return false;
            before = '_';
        } else {
            if (before == '_')
                return false;
            before = '!';
        }
    }
    return before != '_';
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

static int take_base(struct str *s)
{
    if (s->len < 1 || s->ptr[0] != '0')
        return 10;
    if (s->len >= 3) {
        char c = (char)(s->ptr[1] | 0x20);
        int base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 0;

        if (base) {
            *s = str_skip(*s, 2);
            return base;
        }
    }
    *s = str_skip(*s, 1);
    return 8;
}

enum number_fault number_read_uint(struct str s, int base, uint64_t *ret)
{
    struct str whole = s;
    bool any_base = base == 0, has_underscore = false, overflowed = false;
    uint64_t n = 0;

    *ret = 0;
    if (s.len == 0)
        return NUMBER_SYNTAX;
    if (any_base)
        base = take_base(&s);
    for (size_t i = 0; i < s.len; i++) {
        int d = digit_value(s.ptr[i]);

        if (any_base && s.ptr[i] == '_') {
            has_underscore = true;
            continue;
        }
        if (d >= base)
            return NUMBER_SYNTAX;
        overflowed = overflowed || __builtin_mul_overflow(n, (uint64_t)base, &n) ||
                     __builtin_add_overflow(n, (uint64_t)d, &n);
    }
    if (has_underscore && !underscores_are_ok(whole))
        return NUMBER_SYNTAX;
    *ret = overflowed ? UINT64_MAX : n;
    return overflowed ? NUMBER_RANGE : NUMBER_OK;
}

enum number_fault number_read_int(struct str s, int base, int64_t *ret)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    enum number_fault fault;
    uint64_t n;

    *ret = 0;
    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_skip(s, 1);
    fault = number_read_uint(s, base, &n);
    if (fault == NUMBER_SYNTAX)
        return fault;
    if (n > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        *ret = negative ? INT64_MIN : INT64_MAX;
        return NUMBER_RANGE;
    }
    *ret = negative ? (int64_t)(0 - n) : (int64_t)n;
    return NUMBER_OK;
}

/* [+-]digits with underscores, which have been looked at. */
static bool read_exponent(struct str s, int64_t *ret)
{
    char digits[32];
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '_' && n < sizeof digits)
            digits[n++] = s.ptr[i];
    return number_read_int(str_of(digits, n), 10, ret) != NUMBER_SYNTAX;
}

/* What is left after the sign: digits [. digits] p exponent, hexadecimal. */
static enum number_fault read_hex_float(struct str s, double *ret)
{
    uint64_t mantissa = 0;
    int64_t exponent = 0, shift = 0;
    bool point = false, any = false, sticky = false;
    size_t i = 0;

    for (; i < s.len && (s.ptr[i] | 0x20) != 'p'; i++) {
        int d = digit_value(s.ptr[i]);

        if (s.ptr[i] == '_')
            continue;
        if (s.ptr[i] == '.') {
            if (point)
                return NUMBER_SYNTAX;
            point = true;
            continue;
        }
        if (d >= 16)
            return NUMBER_SYNTAX;
        any = true;
        if (mantissa >> 60 == 0) {
            mantissa = mantissa << 4 | (uint64_t)d;
            shift -= point ? 4 : 0;
        } else {
            sticky = sticky || d != 0;
            shift += point ? 0 : 4;
        }
    }
    if (!any || i == s.len || !read_exponent(str_skip(s, i + 1), &exponent))
        return NUMBER_SYNTAX;
    if (sticky)
        mantissa |= 1;
    exponent = exponent > 100000 ? 100000 : exponent < -100000 ? -100000 : exponent;
    *ret = ldexp((double)mantissa, (int)(exponent + shift));
    return isinf(*ret) ? NUMBER_RANGE : NUMBER_OK;
}

static bool read_special(struct str s, bool negative, double *ret)
{
    if (str_eq_nocase(s, STR("inf")) || str_eq_nocase(s, STR("infinity"))) {
        *ret = negative ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    *ret = (double)NAN;
    return !negative && str_eq_nocase(s, STR("nan"));
}

/* Decimal digits with at most one point and an exponent, without underscores, written out for float_parse. */
static bool normal_decimal(struct str s, char *room, size_t *ret_len)
{
    size_t n = 0, digits = 0, i = 0;
    bool point = false;

    for (; i < s.len && (s.ptr[i] | 0x20) != 'e'; i++) {
        char c = s.ptr[i];

        if (c == '_')
            continue;
        if (c == '.') {
            if (point)
                return false;
            point = true;
            if (digits == 0)
                room[n++] = '0';
            room[n++] = '.';
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        room[n++] = c;
        digits++;
    }
    if (digits == 0)
        return false;
    if (room[n - 1] == '.')
        room[n++] = '0';
    if (i < s.len) {
        size_t from = i + 1;

        room[n++] = 'e';
        if (from < s.len && (s.ptr[from] == '+' || s.ptr[from] == '-'))
            room[n++] = s.ptr[from++];
        if (from == s.len)
            return false;
        for (; from < s.len; from++) {
            if (s.ptr[from] != '_' && (s.ptr[from] < '0' || s.ptr[from] > '9'))
                return false;
            if (s.ptr[from] != '_')
                room[n++] = s.ptr[from];
        }
    }
    *ret_len = n;
    return true;
}

enum number_fault number_read_float(struct str s, double *ret)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    char room[512];
    struct str whole = s;
    size_t len;

    *ret = 0;
    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_skip(s, 1);
    if (s.len == 0 || s.len > sizeof room - 8)
        return NUMBER_SYNTAX;
    if (read_special(str_skip(whole, whole.ptr[0] == '+' ? 1 : negative ? 1 : 0), negative, ret))
        return NUMBER_OK;
    if (str_find_byte(s, '_', 0) != SIZE_MAX && !underscores_are_ok(whole))
        return NUMBER_SYNTAX;
    if (s.len > 2 && s.ptr[0] == '0' && (s.ptr[1] | 0x20) == 'x') {
        enum number_fault fault = read_hex_float(str_skip(s, 2), ret);

        *ret = negative ? -*ret : *ret;
        return fault;
    }
    *ret = 0;
    if (!normal_decimal(s, room, &len) || !float_parse(str_of(room, len), ret))
        return NUMBER_SYNTAX;
    *ret = negative ? -*ret : *ret;
    return isinf(*ret) ? NUMBER_RANGE : NUMBER_OK;
}

/* float64(int64(x)) == x, without the undefined conversion. */
static bool fits_int(double x)
{
    return x >= -0x1p63 && x < 0x1p63 && (double)(int64_t)x == x;
}

static bool fits_uint(double x)
{
    return x >= 0 && x < 0x1p64 && (double)(uint64_t)x == x;
}

static void integers_of_float(struct node_number *n)
{
    if (!n->is_int && fits_int(n->real)) {
        n->is_int = true;
        n->integer = (int64_t)n->real;
    }
    if (!n->is_uint && fits_uint(n->real)) {
        n->is_uint = true;
        n->natural = (uint64_t)n->real;
    }
}

static void simplify_complex(struct node_number *n)
{
    n->is_complex = true;
    n->is_float = n->complex.imaginary == 0;
    if (n->is_float) {
        n->real = n->complex.real;
        integers_of_float(n);
    }
}

static struct err *parse_rune(struct arena *a, struct str text, struct node_number *ret)
{
    uint32_t rune;

    if (!quote_undo_rune(text, &rune)) {
        if (text.len >= 3 && quote_undo_rune(str_slice(text, 0, 2), &rune))
            return err_new(a, ERR_INVALID, "malformed character constant: %.*s", STR_ARG(text));
        return text.len > 3 && text.ptr[1] != '\\'
                   ? err_new(a, ERR_INVALID, "malformed character constant: %.*s", STR_ARG(text))
                   : err_new(a, ERR_INVALID, "invalid syntax");
    }
    *ret = (struct node_number){ .is_int = true,
                                 .is_uint = true,
                                 .is_float = true,
                                 .integer = (int64_t)rune,
                                 .natural = rune,
                                 .real = rune };
    return NULL;
}

/* [+-]0 and one of these letters. */
static bool has_prefix(struct str s, const char *letters)
{
    size_t at = s.len > 0 && (s.ptr[0] == '+' || s.ptr[0] == '-') ? 1 : 0;

    return s.len > at + 1 && s.ptr[at] == '0' && strchr(letters, s.ptr[at + 1] | 0x20);
}

/* "1+2i": the second sign parts it. */
static struct err *parse_complex(struct arena *a, struct str text, struct node_number *ret)
{
    enum number_fault fault;
    size_t sign = 1;

    while (sign < text.len &&
           ((text.ptr[sign] != '+' && text.ptr[sign] != '-') || strchr("eEpP", text.ptr[sign - 1])))
        sign++;
    *ret = (struct node_number){ 0 };
    if (text.ptr[sign - 1] == 'i' || has_prefix(text, "bo") ||
        has_prefix(str_skip(text, sign), "bo"))
        return err_new(a, ERR_INVALID, "syntax error scanning complex number");
    fault = number_read_float(str_slice(text, 0, sign), &ret->complex.real);
    if (fault == NUMBER_OK)
        fault = number_read_float(str_slice(text, sign, text.len - 1), &ret->complex.imaginary);
    if (fault != NUMBER_OK)
        return err_new(a, ERR_INVALID, "%s",
                       fault == NUMBER_RANGE ? "value out of range" : "invalid syntax");
    simplify_complex(ret);
    return NULL;
}

static struct err *parse_float(struct arena *a, struct str text, struct node_number *ret)
{
    if (number_read_float(text, &ret->real) != NUMBER_OK)
        return err_new(a, ERR_INVALID, "illegal number syntax: %.*s", STR_ARG(quote_go(a, text)));
    for (size_t i = 0; i < text.len; i++)
        if (strchr(".eEpP", text.ptr[i])) {
            ret->is_float = true;
            integers_of_float(ret);
            return NULL;
        }
    return err_new(a, ERR_INVALID, "integer overflow: %.*s", STR_ARG(quote_go(a, text)));
}

struct err *number_parse(struct arena *a, struct str text, bool is_rune, bool is_complex,
                         struct node_number *ret)
{
    *ret = (struct node_number){ 0 };
    if (is_rune)
        return parse_rune(a, text, ret);
    if (is_complex)
        return parse_complex(a, text, ret);
    if (text.ptr[text.len - 1] == 'i' &&
        number_read_float(str_slice(text, 0, text.len - 1), &ret->complex.imaginary) == NUMBER_OK) {
        simplify_complex(ret);
        return NULL;
    }
    ret->complex.imaginary = 0;
    ret->is_uint = number_read_uint(text, 0, &ret->natural) == NUMBER_OK;
    ret->is_int = number_read_int(text, 0, &ret->integer) == NUMBER_OK;
    if (ret->is_int && ret->integer == 0)
        ret->is_uint = true;
    if (!ret->is_int && !ret->is_uint)
        return parse_float(a, text, ret);
    ret->is_float = true;
    ret->real = ret->is_int ? (double)ret->integer : (double)ret->natural;
    return NULL;
}
