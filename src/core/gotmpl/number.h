/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/number.h - numbers as Go's strconv reads and prints them.
 */
#ifndef CORE_GOTMPL_NUMBER_H
#define CORE_GOTMPL_NUMBER_H

#include "base/buf.h"

/* strconv.ParseInt and ParseUint with 64 bits; base 0 takes 0x, 0o, 0b, 0 and underscores. */
enum number_fault { NUMBER_OK, NUMBER_SYNTAX, NUMBER_RANGE };
enum number_fault number_read_int(struct str s, int base, int64_t *ret);
enum number_fault number_read_uint(struct str s, int base, uint64_t *ret);

/* strconv.ParseFloat with 64 bits: decimal, hexadecimal, inf, nan. RANGE: *ret is an infinity. */
enum number_fault number_read_float(struct str s, double *ret);

/* strconv.FormatFloat with 64 bits; verb is one of e E f g G b x X, precision -1 the shortest. */
void number_put_float(struct buf *out, double x, char verb, int precision);

#endif
