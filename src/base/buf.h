/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/buf.h - bytes that grow in an arena up to a maximum given at birth.
 *
 * Appending beyond the maximum sets `overflowed` and drops the bytes; the owner tests it once, at the
 * end. A maximum comes from base/limits.h, never from the air.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    struct arena *arena; /* borrowed */
    char *ptr;
    size_t len;
    size_t cap;
    size_t max;
    bool overflowed;
};

/* max 0: no ceiling, for output whose size follows from input that is bounded already. */
void buf_init(struct buf *b, struct arena *a, size_t max);

void buf_put(struct buf *b, struct str s);
void buf_put_byte(struct buf *b, char byte);
void buf_fill(struct buf *b, char byte, size_t count);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_put_int(struct buf *b, int64_t n);

#define buf_lit(b, lit) buf_put((b), STR(lit))

/* Room for `size` more bytes; NULL where that crosses the maximum. The caller writes and adds to len. */
char *buf_reserve(struct buf *b, size_t size);

void buf_truncate(struct buf *b, size_t len);

/* View of the content; valid until the next append. */
static inline struct str buf_str(const struct buf *b)
{
    return (struct str){ b->ptr, b->len };
}

/* Overwrites the content with zeros and empties it: for buffers that held secrets. */
void buf_wipe(struct buf *b);

#endif
