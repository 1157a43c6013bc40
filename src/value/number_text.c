/* SPDX-License-Identifier: Apache-2.0 */
#include "value/number_text.h"

#include "foreign/float_text.h"

struct digits {
    char text[FLOAT_TEXT_MAX];
    int count;
    int point; /* 0.d1d2... * 10^point */
};

static void put_exponent(struct buf *out, const struct digits *d, int exponent_digits_min)
{
    int exponent = d->point - 1;

    buf_put_byte(out, d->text[0]);
    if (d->count > 1) {
        buf_put_byte(out, '.');
        buf_put(out, str_of(d->text + 1, (size_t)d->count - 1));
    }
    buf_printf(out, "e%c%0*d", exponent < 0 ? '-' : '+', exponent_digits_min,
               exponent < 0 ? -exponent : exponent);
}

static void put_plain(struct buf *out, const struct digits *d)
{
    size_t count = (size_t)d->count;

    if (d->point <= 0) {
        buf_lit(out, "0.");
        buf_fill(out, '0', (size_t)-d->point);
        buf_put(out, str_of(d->text, count));
    } else if (d->point >= d->count) {
        buf_put(out, str_of(d->text, count));
        buf_fill(out, '0', (size_t)(d->point - d->count));
    } else {
        buf_put(out, str_of(d->text, (size_t)d->point));
        buf_put_byte(out, '.');
        buf_put(out, str_of(d->text + d->point, count - (size_t)d->point));
    }
}

/* Sign and zero, which have no digits worth the name; true when all was printed. */
static bool put_sign_or_zero(struct buf *out, double x)
{
    if (__builtin_signbit(x))
        buf_put_byte(out, '-');
    if (x != 0)
        return false;
    buf_put_byte(out, '0');
    return true;
}

void number_put_json(struct buf *out, double x)
{
    struct digits d;

    if (put_sign_or_zero(out, x))
        return;
    d.count = float_shortest(x, d.text, &d.point);
    if (d.point - 1 < -6 || d.point - 1 >= 21)
        put_exponent(out, &d, 1);
    else
        put_plain(out, &d);
}

/* strconv uses six as the precision that decides when the shortest form was asked for. */
static void put_g(struct buf *out, const struct digits *d)
{
    if (d->point - 1 < -4 || d->point - 1 >= 6)
        put_exponent(out, d, 2);
    else
        put_plain(out, d);
}

void number_put_g(struct buf *out, double x)
{
    struct digits d;

    if (put_sign_or_zero(out, x))
        return;
    d.count = float_shortest(x, d.text, &d.point);
    put_g(out, &d);
}

void number_put_g32(struct buf *out, double x)
{
    /* What float32 rounds to infinity: half a unit of the last place beyond its greatest number. */
    const double beyond = 0x1.ffffffp127;
    struct digits d;

    if (put_sign_or_zero(out, x))
        return;
    if (x >= beyond || x <= -beyond) {
        buf_lit(out, ".inf");
        return;
    }
    d.count = float_shortest32(x, d.text, &d.point);
    put_g(out, &d);
}
