/* SPDX-License-Identifier: Apache-2.0 */
/*
 * foreign/float_text.h - doubles to their shortest decimal digits and back (double-conversion).
 *
 * Pure and independent of the locale. Layouts as Go's strconv prints them, since that is what Kubernetes tools show.
 */
#ifndef FOREIGN_FLOAT_TEXT_H
#define FOREIGN_FLOAT_TEXT_H

#include "base/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FLOAT_TEXT_MAX = 32 }; /* bytes that every layout below fits in */

/*
 * Decimal text [+-]digits[.digits][e[+-]digits], all of s. False on other text; an overflow gives an infinity
 * in *ret and is true, so that callers can tell it from bad text.
 */
bool float_parse(struct str s, double *ret);

/* Shortest digits that read back as x: 0.d1d2... * 10^point. Returns how many; x is finite. */
int float_shortest(double x, char digits[FLOAT_TEXT_MAX], int *ret_point);

/* As float_shortest, for the nearest float32; as Go's FormatFloat(x, 'g', -1, 32). */
int float_shortest32(double x, char digits[FLOAT_TEXT_MAX], int *ret_point);

#ifdef __cplusplus
}
#endif

#endif
