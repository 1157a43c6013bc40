/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/quantity.h"

#include "base/buf.h"
#include "value/json.h"

/* 10^30 leaves room for the suffixes; larger quantities are refused. */
static const quantity_nano NANO = 1000000000;
#define QUANTITY_MAX ((quantity_nano)1000000000000000000 * 1000000000000000000)

struct suffix {
    struct str text;
    int base; /* 2 or 10 */
    int exponent;
};

static const struct suffix suffixes[] = {
    { STR_INIT("Ki"), 2, 10 }, { STR_INIT("Mi"), 2, 20 }, { STR_INIT("Gi"), 2, 30 },
    { STR_INIT("Ti"), 2, 40 }, { STR_INIT("Pi"), 2, 50 }, { STR_INIT("Ei"), 2, 60 },
    { STR_INIT("n"), 10, -9 }, { STR_INIT("u"), 10, -6 }, { STR_INIT("m"), 10, -3 },
    { STR_INIT(""), 10, 0 },   { STR_INIT("k"), 10, 3 },  { STR_INIT("M"), 10, 6 },
    { STR_INIT("G"), 10, 9 },  { STR_INIT("T"), 10, 12 }, { STR_INIT("P"), 10, 15 },
    { STR_INIT("E"), 10, 18 },
};

/* A product or sum that may not grow beyond the maximum. */
static bool scale(quantity_nano *n, quantity_nano factor)
{
    if (*n > QUANTITY_MAX / factor)
        return false;
    *n *= factor;
    return true;
}

/* Digits with an optional point, as nano; what is finer rounds up. */
static bool digits_parse(struct str *rest, quantity_nano *ret_nano)
{
    quantity_nano nano = 0;
    int places = -1;
    bool round_up = false;
    size_t i = 0;
    size_t digits = 0;

    for (; i < rest->len; i++) {
        char c = rest->ptr[i];

        if (c == '.' && places < 0) {
            places = 0;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        digits++;
        if (places >= 9) {
            round_up = round_up || c != '0';
            continue;
        }
        if (!scale(&nano, 10))
            return false;
        nano += c - '0';
        places += places >= 0;
    }
    if (!digits)
        return false;
    for (int p = places < 0 ? 0 : places; p < 9; p++)
        if (!scale(&nano, 10))
            return false;
    *rest = str_skip(*rest, i);
    *ret_nano = nano + round_up;
    return true;
}

static bool suffix_apply(struct str text, quantity_nano *nano, enum quantity_format *ret)
{
    int64_t exponent = 0;
    int base = 0;

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0] && !base; i++)
        if (str_eq(text, suffixes[i].text)) {
            base = suffixes[i].base;
            exponent = suffixes[i].exponent;
        }
    *ret = base == 2 ? QUANTITY_BINARY : QUANTITY_DECIMAL;
    if (!base) {
        if (text.len < 2 || (text.ptr[0] != 'e' && text.ptr[0] != 'E') ||
            !str_to_int64(str_skip(text, 1), &exponent) || exponent > 18 || exponent < -18)
            return false;
        base = 10;
        *ret = QUANTITY_EXPONENT;
    }
    for (; exponent > 0; exponent--)
        if (!scale(nano, base))
            return false;
    for (; exponent < 0; exponent++)
        *nano = (*nano + base - 1) / base; /* finer than nano rounds up */
    return true;
}

bool quantity_parse(struct str text, struct quantity *ret)
{
    bool negative = text.len && text.ptr[0] == '-';
    struct str rest = text.len && (negative || text.ptr[0] == '+') ? str_skip(text, 1) : text;
    struct quantity q;

    if (!digits_parse(&rest, &q.nano) || !suffix_apply(rest, &q.nano, &q.format))
        return false;
    if (negative)
        q.nano = -q.nano;
    *ret = q;
    return true;
}

bool quantity_of(struct arena *a, const struct val *v, struct quantity *ret)
{
    if (val_is(v, VAL_STRING))
        return quantity_parse(str_trim(v->text), ret);
    if (val_is(v, VAL_INT) || val_is(v, VAL_FLOAT))
        return quantity_parse(v->text.len ? v->text : json_string(a, v, JSON_COMPACT), ret);
    return false;
}

int quantity_cmp(const struct quantity *p, const struct quantity *q)
{
    return p->nano < q->nano ? -1 : p->nano > q->nano;
}

static struct str number_with(struct arena *a, bool negative, quantity_nano n, struct str suffix)
{
    char digits[48];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + (int)(n % 10));
    while ((n /= 10) > 0);
    return str_printf(a, "%s%.*s%.*s", negative ? "-" : "", (int)(sizeof digits - at), digits + at,
                      STR_ARG(suffix));
}

/* The largest binary suffix that leaves a whole number. Below 1024 and for fractions the decimal form is used. */
static bool binary_text(struct arena *a, bool negative, quantity_nano nano, struct str *ret)
{
    quantity_nano n = nano / NANO;
    size_t steps = 0;

    if (nano % NANO || n < 1024)
        return false;
    while (steps < 6 && n % 1024 == 0) {
        n /= 1024;
        steps++;
    }
    *ret = number_with(a, negative, n, steps ? suffixes[steps - 1].text : STR(""));
    return true;
}

struct str quantity_format(struct arena *a, const struct quantity *q)
{
    bool negative = q->nano < 0;
    quantity_nano n = negative ? -q->nano : q->nano;
    struct str text;
    int exponent = -9;

    if (n == 0)
        return STR("0");
    if (q->format == QUANTITY_BINARY && binary_text(a, negative, n, &text))
        return text;
    while (exponent < 18 && n % 1000 == 0) {
        n /= 1000;
        exponent += 3;
    }
    if (q->format == QUANTITY_EXPONENT)
        return number_with(a, negative, n, exponent ? str_printf(a, "e%d", exponent) : STR(""));
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (suffixes[i].base == 10 && suffixes[i].exponent == exponent)
            return number_with(a, negative, n, suffixes[i].text);
    return number_with(a, negative, n, STR(""));
}
