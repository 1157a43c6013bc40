/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic: integers wrap as Go's do, floats are computed as decimals where sprig does so. */
#include <math.h>

#include "core/gotmpl/format.h"
#include "core/gotmpl/number.h"
#include "core/sprig/argument.h"
#include "core/sprig/decimal.h"
#include "core/sprig/implementations.h"

#define N(i) arg_int64(&c->args[i])

static int64_t wrap_add(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t wrap_mul(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a * (uint64_t)b);
}

static struct err *give(int64_t n, struct go_value *ret)
{
    *ret = go_int64(n);
    return NULL;
}

struct err *sprig_add(struct call *c, struct go_value *ret)
{
    int64_t sum = 0;

    for (size_t i = 0; i < c->count; i++)
        sum = wrap_add(sum, N(i));
    return give(sum, ret);
}

struct err *sprig_add1(struct call *c, struct go_value *ret)
{
    return give(wrap_add(N(0), 1), ret);
}

struct err *sprig_sub(struct call *c, struct go_value *ret)
{
    return give((int64_t)((uint64_t)N(0) - (uint64_t)N(1)), ret);
}

struct err *sprig_mul(struct call *c, struct go_value *ret)
{
    int64_t product = N(0);

    for (size_t i = 1; i < c->count; i++)
        product = wrap_mul(product, N(i));
    return give(product, ret);
}

struct err *sprig_div(struct call *c, struct go_value *ret)
{
    int64_t a = N(0), b = N(1);

    if (b == 0)
        return call_fail(c, "runtime error: integer divide by zero");
    return give(b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b, ret);
}

struct err *sprig_mod(struct call *c, struct go_value *ret)
{
    int64_t a = N(0), b = N(1);

    if (b == 0)
        return call_fail(c, "runtime error: integer divide by zero");
    return give(b == -1 ? 0 : a % b, ret);
}

struct err *sprig_max(struct call *c, struct go_value *ret)
{
    int64_t best = N(0);

    for (size_t i = 1; i < c->count; i++)
        best = N(i) > best ? N(i) : best;
    return give(best, ret);
}

struct err *sprig_min(struct call *c, struct go_value *ret)
{
    int64_t best = N(0);

    for (size_t i = 1; i < c->count; i++)
        best = N(i) < best ? N(i) : best;
    return give(best, ret);
}

/* math.Max and Min: NaN wins but for an infinity of the right sign, and zeros have signs. */
static double extreme(double a, double b, bool is_max)
{
    double infinity = is_max ? (double)INFINITY : -(double)INFINITY;

    if (a == infinity || b == infinity)
        return infinity;
    if (isnan(a) || isnan(b))
        return (double)NAN;
    if (a == 0 && b == 0)
        return (signbit(a) != 0) == is_max ? b : a;
    return (a > b) == is_max ? a : b;
}

static struct err *extreme_of_all(struct call *c, bool is_max, struct go_value *ret)
{
    double best = arg_float(&c->args[0]);

    for (size_t i = 1; i < c->count; i++)
        best = extreme(best, arg_float(&c->args[i]), is_max);
    *ret = go_float(best);
    return NULL;
}

struct err *sprig_maxf(struct call *c, struct go_value *ret)
{
    return extreme_of_all(c, true, ret);
}

struct err *sprig_minf(struct call *c, struct go_value *ret)
{
    return extreme_of_all(c, false, ret);
}

struct err *sprig_floor(struct call *c, struct go_value *ret)
{
    *ret = go_float(floor(arg_float(&c->args[0])));
    return NULL;
}

struct err *sprig_ceil(struct call *c, struct go_value *ret)
{
    *ret = go_float(ceil(arg_float(&c->args[0])));
    return NULL;
}

struct err *sprig_round(struct call *c, struct go_value *ret)
{
    double round_on = c->count > 2 ? c->args[2].real : 0.5;
    double power = pow(10, (double)c->args[1].integer), digit = power * arg_float(&c->args[0]),
           whole;
    double fraction = modf(digit, &whole);

    *ret = go_float((fraction >= round_on ? ceil(digit) : floor(digit)) / power);
    return NULL;
}

/* ---- decimals ---- */

typedef struct decimal operation(struct arena *a, const struct decimal *x, const struct decimal *y);

static struct err *to_decimal(struct call *c, double x, struct decimal *ret)
{
    struct go_value v = go_float(x);
    struct buf text;

    if (!isnan(x) && !isinf(x)) {
        *ret = decimal_from_double(c->arena, x);
        return NULL;
    }
    buf_init(&text, c->arena, 0);
    (void)format_value(&text, &v);
    return call_fail(c, "Cannot create a Decimal from %.*s", STR_ARG(buf_str(&text)));
}

/* first op args[from] op args[from + 1] ... */
static struct err *compute(struct call *c, double first, size_t from, operation *op,
                           struct go_value *ret)
{
    struct decimal result, next;
    struct err *e;

    if (TRY(&e, to_decimal(c, first, &result)))
        return e;
    for (size_t i = from; i < c->count; i++) {
        if (TRY(&e, to_decimal(c, arg_float(&c->args[i]), &next)) ||
            TRY(&e, call_charge(c, result.count)))
            return e;
        if (op == decimal_div && next.count == 0)
            return call_fail(c, "decimal division by 0");
        result = op(c->arena, &result, &next);
    }
    *ret = go_float(decimal_to_double(c->arena, &result));
    return NULL;
}

struct err *sprig_add1f(struct call *c, struct go_value *ret)
{
    return compute(c, 1, 0, decimal_add, ret);
}

struct err *sprig_addf(struct call *c, struct go_value *ret)
{
    return compute(c, 0, 0, decimal_add, ret);
}

struct err *sprig_subf(struct call *c, struct go_value *ret)
{
    return compute(c, arg_float(&c->args[0]), 1, decimal_sub, ret);
}

struct err *sprig_mulf(struct call *c, struct go_value *ret)
{
    return compute(c, arg_float(&c->args[0]), 1, decimal_mul, ret);
}

struct err *sprig_divf(struct call *c, struct go_value *ret)
{
    return compute(c, arg_float(&c->args[0]), 1, decimal_div, ret);
}

/* ---- conversions ---- */

struct err *sprig_int(struct call *c, struct go_value *ret)
{
    *ret = go_int(N(0));
    return NULL;
}

struct err *sprig_int64(struct call *c, struct go_value *ret)
{
    return give(N(0), ret);
}

struct err *sprig_float64(struct call *c, struct go_value *ret)
{
    *ret = go_float(arg_float(&c->args[0]));
    return NULL;
}

struct err *sprig_atoi(struct call *c, struct go_value *ret)
{
    int64_t n = 0;

    /* On overflow Atoi gives the limit, and its error is dropped. */
    (void)number_read_int(c->args[0].text, 10, &n);
    *ret = go_int(n);
    return NULL;
}

struct err *sprig_to_decimal(struct call *c, struct go_value *ret)
{
    struct buf text;
    int64_t n = 0;

    call_text(c, &text);
    if (!format_print(&text, c->args, 1))
        return call_fail(c, "value is nested deeper than %d levels, or inside itself",
                         LIMIT_TREE_DEPTH);
    return give(number_read_int(buf_str(&text), 8, &n) == NUMBER_OK ? n : 0, ret);
}

/* ---- ranges ---- */

struct range {
    int64_t start, stop, step;
};

static uint64_t range_count(const struct range *r)
{
    uint64_t distance = r->stop < r->start ? (uint64_t)r->start - (uint64_t)r->stop
                                           : (uint64_t)r->stop - (uint64_t)r->start;
    uint64_t step = r->step < 0 ? 0 - (uint64_t)r->step : (uint64_t)r->step;

    if (r->stop < r->start ? r->step >= 0 : r->step <= 0)
        return 0;
    return distance / step + (distance % step != 0);
}

static struct err *range_list(struct call *c, struct range r, struct go_value *ret)
{
    uint64_t count = range_count(&r);
    struct err *e;

    if (TRY(&e, call_check_items(c, count)) || TRY(&e, call_charge(c, count)))
        return e;
    *ret = go_list_new(c->arena, GO_INTS, count);
    for (uint64_t i = 0; i < count; i++)
        ret->list->items[i] = go_int(wrap_add(r.start, wrap_mul((int64_t)i, r.step)));
    return NULL;
}

struct err *sprig_until(struct call *c, struct go_value *ret)
{
    int64_t count = c->args[0].integer;

    return range_list(c, (struct range){ 0, count, count < 0 ? -1 : 1 }, ret);
}

struct err *sprig_until_step(struct call *c, struct go_value *ret)
{
    return range_list(
        c, (struct range){ c->args[0].integer, c->args[1].integer, c->args[2].integer }, ret);
}

struct err *sprig_seq(struct call *c, struct go_value *ret)
{
    struct range r = { 1, 0, 1 };
    struct go_value list;
    struct buf out;
    struct err *e;

    call_text(c, &out);
    if (c->count == 0 || c->count > 3)
        return call_finish(c, &out, ret);
    r.stop = c->args[c->count - 1].integer;
    if (c->count > 1)
        r.start = c->args[0].integer;
    r.step = r.stop < r.start ? -1 : 1;
    if (c->count == 3 && r.step < 0 && c->args[1].integer > 0)
        return call_finish(c, &out, ret);
    r.stop = wrap_add(r.stop, r.step);
    if (c->count == 3)
        r.step = c->args[1].integer;
    if (TRY(&e, range_list(c, r, &list)))
        return e;
    for (size_t i = 0; i < list.list->count; i++) {
        if (i > 0)
            buf_put_byte(&out, ' ');
        buf_put_int(&out, list.list->items[i].integer);
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_rand_int(struct call *c, struct go_value *ret)
{
    int64_t low = c->args[0].integer, bound = wrap_add(c->args[1].integer, -low);

    if (bound <= 0)
        return call_fail(c, "invalid argument to Intn");
    *ret = go_int(low + (int64_t)call_random_below(c, (uint64_t)bound));
    return NULL;
}
