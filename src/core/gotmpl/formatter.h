/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/formatter.h - the state of one formatting and what its files give each other. Private to core/gotmpl.
 */
#ifndef CORE_GOTMPL_FORMATTER_H
#define CORE_GOTMPL_FORMATTER_H

#include "core/gotmpl/format.h"

struct format_flags {
    bool has_width, has_precision, minus, plus, sharp, space, zero;
    bool plus_v, sharp_v; /* of %+v and %#v */
    int width, precision;
};

struct formatter {
    struct buf *out;
    struct format_flags flags;
    bool is_erroring; /* inside %!verb(...): no String methods */
    bool too_deep;
};

/* The text with padding to the width, which counts runes. */
void formatter_pad(struct formatter *f, struct str s);
void formatter_padding(struct formatter *f, int64_t count);
void formatter_string(struct formatter *f, struct str s);          /* %s */
void formatter_quoted(struct formatter *f, struct str s);          /* %q */
void formatter_hex(struct formatter *f, struct str s, bool upper); /* %x of bytes */
void formatter_integer(struct formatter *f, uint64_t u, int base, bool is_signed, uint32_t verb);
void formatter_float(struct formatter *f, double x, char verb, int precision);
void formatter_unicode(struct formatter *f, uint64_t u);
void formatter_rune(struct formatter *f, uint64_t c, bool quoted);

/* One argument under a verb. */
void formatter_argument(struct formatter *f, const struct go_value *v, uint32_t verb);

#endif
