/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sprig/decimal.h"

#include <math.h>

#include "base/buf.h"
#include "foreign/float_text.h"

enum { LIMB = 1000000000, LIMB_DIGITS = 9, DIVISION_DIGITS = 16 };

static void trim(struct decimal *d)
{
    while (d->count > 0 && d->limbs[d->count - 1] == 0)
        d->count--;
    if (d->count == 0)
        d->negative = false;
}

struct decimal decimal_from_double(struct arena *a, double x)
{
    char digits[FLOAT_TEXT_MAX];
    uint32_t *limbs = ARENA_ARRAY(a, 3, uint32_t);
    int point = 0, count;
    uint64_t n = 0;
    struct decimal d = { .limbs = limbs, .negative = signbit(x) };

    if (x == 0)
        return (struct decimal){ .limbs = limbs };
    count = float_shortest(fabs(x), digits, &point);
    for (int i = 0; i < count; i++)
        n = n * 10 + (uint64_t)(digits[i] - '0');
    for (d.count = 0; n > 0; n /= LIMB)
        limbs[d.count++] = (uint32_t)(n % LIMB);
    d.exponent = point - count;
    return d;
}

double decimal_to_double(struct arena *a, const struct decimal *d)
{
    struct buf text;
    double x = 0;

    if (d->count == 0)
        return 0;
    buf_init(&text, a, 0);
    if (d->negative)
        buf_put_byte(&text, '-');
    buf_printf(&text, "%u", d->limbs[d->count - 1]);
    for (size_t i = d->count - 1; i > 0; i--)
        buf_printf(&text, "%09u", d->limbs[i - 1]);
    buf_printf(&text, "e%d", d->exponent);
    (void)float_parse(buf_str(&text), &x);
    return x;
}

static int compare(const struct decimal *x, const struct decimal *y)
{
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    for (size_t i = x->count; i > 0; i--)
        if (x->limbs[i - 1] != y->limbs[i - 1])
            return x->limbs[i - 1] < y->limbs[i - 1] ? -1 : 1;
    return 0;
}

static struct decimal multiply(struct arena *a, const struct decimal *x, const struct decimal *y)
{
    uint32_t *limbs = ARENA_ARRAY(a, x->count + y->count + 1, uint32_t);
    struct decimal d = { .limbs = limbs, .count = x->count + y->count };

    for (size_t i = 0; i < x->count; i++) {
        uint64_t carry = 0;

        for (size_t j = 0; j < y->count || carry; j++) {
            uint64_t n = limbs[i + j] + carry +
                         (j < y->count ? (uint64_t)x->limbs[i] * y->limbs[j] : 0);

            limbs[i + j] = (uint32_t)(n % LIMB);
            carry = n / LIMB;
        }
    }
    trim(&d);
    return d;
}

/* The whole number times a power of ten. */
static struct decimal shifted(struct arena *a, const struct decimal *x, uint32_t power)
{
    uint32_t *limbs = ARENA_ARRAY(a, power / LIMB_DIGITS + 1, uint32_t);
    struct decimal ten = { .limbs = limbs, .count = power / LIMB_DIGITS + 1 }, d;

    limbs[ten.count - 1] = 1;
    for (uint32_t i = 0; i < power % LIMB_DIGITS; i++)
        limbs[ten.count - 1] *= 10;
    d = multiply(a, x, &ten);
    d.negative = x->negative;
    return d;
}

/* |x| + |y|, or |x| - |y| where x is not the smaller one. */
static struct decimal combine(struct arena *a, const struct decimal *x, const struct decimal *y,
                              bool subtract)
{
    size_t count = (x->count > y->count ? x->count : y->count) + 1;
    uint32_t *limbs = ARENA_ARRAY(a, count, uint32_t);
    struct decimal d = { .limbs = limbs, .count = count };
    int64_t carry = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t n = (i < x->count ? x->limbs[i] : 0) + carry;
        int64_t other = i < y->count ? y->limbs[i] : 0;

        n += subtract ? -other : other;
        carry = n < 0 ? -1 : n >= LIMB;
        limbs[i] = (uint32_t)(n - carry * LIMB);
    }
    trim(&d);
    return d;
}

struct decimal decimal_add(struct arena *a, const struct decimal *x, const struct decimal *y)
{
    int32_t exponent = x->exponent < y->exponent ? x->exponent : y->exponent;
    struct decimal p = shifted(a, x, (uint32_t)(x->exponent - exponent));
    struct decimal q = shifted(a, y, (uint32_t)(y->exponent - exponent));
    struct decimal sum;

    if (p.negative == q.negative) {
        sum = combine(a, &p, &q, false);
        sum.negative = p.negative;
    } else if (compare(&p, &q) >= 0) {
        sum = combine(a, &p, &q, true);
        sum.negative = p.negative;
    } else {
        sum = combine(a, &q, &p, true);
        sum.negative = q.negative;
    }
    trim(&sum);
    sum.exponent = exponent;
    return sum;
}

struct decimal decimal_sub(struct arena *a, const struct decimal *x, const struct decimal *y)
{
    struct decimal minus = *y;

    minus.negative = !y->negative && y->count > 0;
    return decimal_add(a, x, &minus);
}

struct decimal decimal_mul(struct arena *a, const struct decimal *x, const struct decimal *y)
{
    struct decimal product = multiply(a, x, y);

    product.negative = product.count > 0 && x->negative != y->negative;
    product.exponent = x->exponent + y->exponent;
    return product;
}

/* Times a limb, in place of a copy. */
static struct decimal scaled(struct arena *a, const struct decimal *x, uint32_t factor)
{
    struct decimal one = { .limbs = &factor, .count = factor ? 1 : 0 };

    return multiply(a, x, &one);
}

/* The largest limb q with y * q <= rest, by halving. */
static uint32_t quotient_limb(struct arena *a, const struct decimal *rest, const struct decimal *y)
{
    uint32_t low = 0, high = LIMB;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        struct decimal product = scaled(a, y, middle);

        if (compare(&product, rest) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* |x| / |y| without its rest, which is given too. */
static struct decimal divide(struct arena *a, const struct decimal *x, const struct decimal *y,
                             struct decimal *ret_rest)
{
    uint32_t *limbs = ARENA_ARRAY(a, x->count + 1, uint32_t);
    struct decimal q = { .limbs = limbs, .count = x->count }, rest = { .limbs = limbs };

    rest.count = 0;
    for (size_t i = x->count; i > 0; i--) {
        uint32_t *next = ARENA_ARRAY(a, rest.count + 1, uint32_t);
        struct decimal product;

        next[0] = x->limbs[i - 1];
        memcpy(next + 1, rest.limbs, rest.count * sizeof *next);
        rest = (struct decimal){ .limbs = next, .count = rest.count + 1 };
        trim(&rest);
        limbs[i - 1] = quotient_limb(a, &rest, y);
        product = scaled(a, y, limbs[i - 1]);
        rest = combine(a, &rest, &product, true);
    }
    trim(&q);
    *ret_rest = rest;
    return q;
}

struct decimal decimal_div(struct arena *a, const struct decimal *x, const struct decimal *y)
{
    int32_t shift = x->exponent - y->exponent + DIVISION_DIGITS;
    struct decimal p = shift > 0 ? shifted(a, x, (uint32_t)shift) : *x;
    struct decimal q = shift < 0 ? shifted(a, y, (uint32_t)-shift) : *y;
    struct decimal rest, quotient, twice;
    const uint32_t one = 1;

    p.negative = q.negative = false;
    quotient = divide(a, &p, &q, &rest);
    twice = combine(a, &rest, &rest, false);
    if (compare(&twice, &q) >= 0)
        quotient = combine(a, &quotient, &(struct decimal){ .limbs = &one, .count = 1 }, false);
    quotient.negative = quotient.count > 0 && x->negative != y->negative;
    quotient.exponent = -DIVISION_DIGITS;
    return quotient;
}
