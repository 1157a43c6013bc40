/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sprig/decimal.h - decimal arithmetic without rounding, as shopspring/decimal v1.4: what addf and its kin compute in.
 *
 * Private to core/sprig. A decimal is a whole number of any length times a power of ten. Division gives 16 digits behind
 * the point, rounded half away from zero. Values live in the arena.
 */
#ifndef CORE_SPRIG_DECIMAL_H
#define CORE_SPRIG_DECIMAL_H

#include "base/arena.h"
#include "base/str.h"

struct decimal {
    const uint32_t *limbs; /* base 10^9, lowest first, no leading zeros */
    size_t count;          /* 0: zero */
    int32_t exponent;      /* of ten */
    bool negative;
};

struct decimal decimal_from_double(struct arena *a, double x); /* finite */
double decimal_to_double(struct arena *a, const struct decimal *d);

struct decimal decimal_add(struct arena *a, const struct decimal *x, const struct decimal *y);
struct decimal decimal_sub(struct arena *a, const struct decimal *x, const struct decimal *y);
struct decimal decimal_mul(struct arena *a, const struct decimal *x, const struct decimal *y);
struct decimal decimal_div(struct arena *a, const struct decimal *x,
                           const struct decimal *y); /* y is not zero */

#endif
