/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/secret.h"

void buf_init(struct buf *b, struct arena *a, size_t max)
{
    *b = (struct buf){ .arena = a, .max = max ? max : SIZE_MAX };
}

char *buf_reserve(struct buf *b, size_t size)
{
    size_t need;

    if (__builtin_add_overflow(b->len, size, &need) || need > b->max) {
        b->overflowed = true;
        return NULL;
    }
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : 128;

        while (cap < need)
            cap *= 2;
        b->ptr = arena_realloc(b->arena, b->ptr, b->cap, cap);
        b->cap = cap;
    }
    return b->ptr ? b->ptr + b->len : NULL;
}

void buf_put(struct buf *b, struct str s)
{
    char *to = s.len ? buf_reserve(b, s.len) : NULL;

    if (to) {
        memcpy(to, s.ptr, s.len);
        b->len += s.len;
    }
}

void buf_put_byte(struct buf *b, char byte)
{
    char *to = buf_reserve(b, 1);

    if (to) {
        *to = byte;
        b->len++;
    }
}

void buf_fill(struct buf *b, char byte, size_t count)
{
    char *to = count ? buf_reserve(b, count) : NULL;

    if (to) {
        memset(to, byte, count);
        b->len += count;
    }
}

void buf_printf(struct buf *b, const char *format, ...)
{
    char small[256], *text = small;
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (len >= (int)sizeof small) {
        text = arena_alloc(b->arena, (size_t)len + 1);
        va_start(args, format);
        (void)vsnprintf(text, (size_t)len + 1, format, args);
        va_end(args);
    }
    if (len > 0)
        buf_put(b, str_of(text, (size_t)len));
}

void buf_put_int(struct buf *b, int64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0)
        buf_put_byte(b, '-');
    buf_put(b, str_of(digits + at, sizeof digits - at));
}

void buf_truncate(struct buf *b, size_t len)
{
    if (len < b->len)
        b->len = len;
}

void buf_wipe(struct buf *b)
{
    if (b->ptr)
        secret_wipe(b->ptr, b->cap);
    b->len = 0;
}
