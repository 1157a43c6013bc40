/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "core/gotmpl/number.h"
#include "foreign/float_text.h"

/* Decimal digits without trailing zeros: 0.d1d2... * 10^point. */
struct digits {
    char text[800]; /* no double has more */
    int count;
    int point;
};

static void put_exponent(struct buf *out, char letter, int exponent)
{
    buf_put_byte(out, letter);
    buf_put_byte(out, exponent < 0 ? '-' : '+');
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent < 10)
        buf_put_byte(out, '0');
    buf_put_int(out, exponent);
}

/* d.ddde±dd with `precision` digits behind the point. */
static void put_e(struct buf *out, const struct digits *d, int precision, char letter)
{
    buf_put_byte(out, d->count > 0 ? d->text[0] : '0');
    if (precision > 0) {
        buf_put_byte(out, '.');
        for (int i = 1; i <= precision; i++)
            buf_put_byte(out, i < d->count ? d->text[i] : '0');
    }
    put_exponent(out, letter, d->count > 0 ? d->point - 1 : 0);
}

static void put_f(struct buf *out, const struct digits *d, int precision)
{
    if (d->point <= 0)
        buf_put_byte(out, '0');
    for (int i = 0; i < d->point; i++)
        buf_put_byte(out, i < d->count ? d->text[i] : '0');
    if (precision > 0)
        buf_put_byte(out, '.');
    for (int i = 0; i < precision; i++) {
        int at = d->point + i;

        buf_put_byte(out, at >= 0 && at < d->count ? d->text[at] : '0');
    }
}

static void shortest(double x, struct digits *d)
{
    char text[FLOAT_TEXT_MAX];

    if (x == 0) {
        d->count = 0;
        d->point = 0;
        return;
    }
    d->count = float_shortest(x, text, &d->point);
    memcpy(d->text, text, (size_t)d->count);
}

/* `count` significant digits, the last rounded half to even: the C library's %e is exact. */
static void rounded(struct arena *a, double x, int count, struct digits *d)
{
    struct buf text;
    struct str s;

    buf_init(&text, a, 0);
    buf_printf(&text, "%.*e", count > 790 ? 789 : count - 1, x);
    s = buf_str(&text);
    d->count = 0;
    for (size_t i = 0; i < s.len && s.ptr[i] != 'e'; i++)
        if (s.ptr[i] != '.')
            d->text[d->count++] = s.ptr[i];
    while (d->count > 0 && d->text[d->count - 1] == '0')
        d->count--;
    if (d->count == 0) {
        d->point = 0;
    } else {
        int64_t exponent = 0;

        (void)number_read_int(str_skip(s, str_find_byte(s, 'e', 0) + 1), 10, &exponent);
        d->point = (int)exponent + 1;
    }
}

static void put_g(struct buf *out, double x, int precision, char letter)
{
    bool is_shortest = precision < 0;
    struct digits d;
    int limit, exponent;

    if (is_shortest)
        shortest(x, &d);
    else
        rounded(out->arena, x, precision == 0 ? 1 : precision, &d);
    precision = is_shortest ? d.count : precision == 0 ? 1 : precision;
    limit = precision;
    if (limit > d.count && d.count >= d.point)
        limit = d.count;
    if (is_shortest)
        limit = 6;
    exponent = d.point - 1;
    if (exponent < -4 || exponent >= limit) {
        if (precision > d.count)
            precision = d.count;
        put_e(out, &d, precision - 1, letter);
        return;
    }
    put_f(out, &d, d.count > d.point ? d.count - d.point : 0);
}

static void put_binary(struct buf *out, double x)
{
    int exponent = 0;
    double fraction = frexp(x, &exponent);
    int64_t mantissa = (int64_t)ldexp(fraction, 53);

    exponent -= 53;
    if (exponent < -1074) { /* denormalised */
        mantissa >>= -1074 - exponent;
        exponent = -1074;
    }
    if (x == 0)
        exponent = -1074;
    buf_put_int(out, mantissa);
    buf_put_byte(out, 'p');
    if (exponent >= 0)
        buf_put_byte(out, '+');
    buf_put_int(out, exponent);
}

static void put_hex(struct buf *out, double x, char letter, int precision)
{
    const char *hex = letter == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
    int exponent = 0, digits = 0;
    uint64_t mantissa = x == 0 ? 0 : (uint64_t)ldexp(frexp(x, &exponent), 61);

    exponent = x == 0 ? 0 : exponent - 1;
    if (precision >= 0 && precision < 15) {
        unsigned shift = (unsigned)precision * 4;
        uint64_t extra = mantissa << shift & ((UINT64_C(1) << 60) - 1);

        mantissa >>= 60 - shift;
        if ((extra | (mantissa & 1)) > UINT64_C(1) << 59)
            mantissa++;
        mantissa <<= 60 - shift;
        if (mantissa & UINT64_C(1) << 61) {
            mantissa >>= 1;
            exponent++;
        }
    }
    buf_put_byte(out, '0');
    buf_put_byte(out, letter);
    buf_put_byte(out, (char)('0' + (mantissa >> 60 & 1)));
    mantissa <<= 4;
    if (precision < 0)
        for (uint64_t m = mantissa; m; m <<= 4)
            digits++;
    else
        digits = precision;
    if (digits > 0)
        buf_put_byte(out, '.');
    for (int i = 0; i < digits; i++) {
        buf_put_byte(out, hex[mantissa >> 60 & 15]);
        mantissa <<= 4;
    }
    put_exponent(out, letter == 'x' ? 'p' : 'P', exponent);
}

static void put_finite(struct buf *out, double x, char verb, int precision)
{
    struct digits d;

    if (verb == 'g' || verb == 'G') {
        put_g(out, x, precision, verb == 'g' ? 'e' : 'E');
    } else if (verb == 'b') {
        put_binary(out, x);
    } else if (verb == 'x' || verb == 'X') {
        put_hex(out, x, verb, precision);
    } else if (precision >= 0 && verb == 'f') {
        buf_printf(out, "%.*f", precision, x);
    } else if (precision >= 0 && verb == 'e') {
        buf_printf(out, "%.*e", precision, x);
    } else if (precision >= 0) {
        buf_printf(out, "%.*E", precision, x);
    } else {
        shortest(x, &d);
        if (verb == 'f')
            put_f(out, &d, d.count > d.point ? d.count - d.point : 0);
        else
            put_e(out, &d, d.count > 0 ? d.count - 1 : 0, verb);
    }
}

void number_put_float(struct buf *out, double x, char verb, int precision)
{
    if (isnan(x)) {
        buf_lit(out, "NaN");
        return;
    }
    if (isinf(x)) {
        buf_put(out, x > 0 ? STR("+Inf") : STR("-Inf"));
        return;
    }
    if (signbit(x))
        buf_put_byte(out, '-');
    put_finite(out, signbit(x) ? -x : x, verb, precision);
}
