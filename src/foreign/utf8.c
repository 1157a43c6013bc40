/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/utf8.h"

#include <utf8proc.h>

#include "base/buf.h"

enum { REPLACEMENT = 0xFFFD };

/* Length of the well-formed sequence at p[0..n), 0 when there is none; n > 0. */
static size_t sequence(const unsigned char *p, size_t n, uint32_t *rune)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t len = p[0] < 0x80 ? 1 : p[0] >= 0xC2 && p[0] < 0xE0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : 4;
    uint32_t r;

    if (len == 1) {
        *rune = p[0];
        return 1;
    }
    if (p[0] < 0xC2 || p[0] > 0xF4 || n < len)
        return 0;
    r = p[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        r = r << 6 | (p[i] & 0x3Fu);
    }
    if (r < least[len] || r > 0x10FFFF || (r >= 0xD800 && r < 0xE000))
        return 0;
    *rune = r;
    return len;
}

size_t utf8_find_invalid(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    size_t i = 0;

    while (i < s.len) {
        uint64_t word;
        uint32_t rune;
        size_t len;

        if (s.len - i >= sizeof word) {
            memcpy(&word, p + i, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof word;
                continue;
            }
        }
        len = sequence(p + i, s.len - i, &rune);
        if (len == 0)
            return i;
        i += len;
    }
    return SIZE_MAX;
}

size_t utf8_decode(struct str s, uint32_t *ret_rune)
{
    size_t len;

    if (s.len == 0)
        return 0;
    len = sequence((const unsigned char *)s.ptr, s.len, ret_rune);
    if (len == 0) {
        *ret_rune = REPLACEMENT;
        return 1;
    }
    return len;
}

void utf8_put(struct buf *out, uint32_t rune)
{
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000))
        rune = REPLACEMENT;
    if (rune < 0x80) {
        buf_put_byte(out, (char)rune);
    } else if (rune < 0x800) {
        buf_put_byte(out, (char)(0xC0 | rune >> 6));
        buf_put_byte(out, (char)(0x80 | (rune & 0x3F)));
    } else if (rune < 0x10000) {
        buf_put_byte(out, (char)(0xE0 | rune >> 12));
        buf_put_byte(out, (char)(0x80 | (rune >> 6 & 0x3F)));
        buf_put_byte(out, (char)(0x80 | (rune & 0x3F)));
    } else {
        buf_put_byte(out, (char)(0xF0 | rune >> 18));
        buf_put_byte(out, (char)(0x80 | (rune >> 12 & 0x3F)));
        buf_put_byte(out, (char)(0x80 | (rune >> 6 & 0x3F)));
        buf_put_byte(out, (char)(0x80 | (rune & 0x3F)));
    }
}

bool utf8_is_letter(uint32_t rune)
{
    utf8proc_category_t c;

    if (rune < 0x80)
        return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z';
    c = utf8proc_category((utf8proc_int32_t)rune);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool utf8_is_digit(uint32_t rune)
{
    if (rune < 0x80)
        return rune >= '0' && rune <= '9';
    return utf8proc_category((utf8proc_int32_t)rune) == UTF8PROC_CATEGORY_ND;
}

uint32_t utf8_upper(uint32_t rune)
{
    if (rune ==
        0xDF) /* Go keeps the sharp s, which has no upper case of one letter in its tables */
        return rune;
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)rune);
}

uint32_t utf8_lower(uint32_t rune)
{
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)rune);
}

uint32_t utf8_title(uint32_t rune)
{
    return rune == 0xDF ? rune : (uint32_t)utf8proc_totitle((utf8proc_int32_t)rune);
}

static utf8proc_category_t category(uint32_t rune)
{
    return rune > 0x10FFFF ? UTF8PROC_CATEGORY_CN : utf8proc_category((utf8proc_int32_t)rune);
}

bool utf8_is_space(uint32_t rune)
{
    if (rune < 0x100)
        return rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0x85 || rune == 0xA0;
    return rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 ||
           rune == 0x2029 || rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

bool utf8_is_upper(uint32_t rune)
{
    return category(rune) == UTF8PROC_CATEGORY_LU;
}

bool utf8_is_lower(uint32_t rune)
{
    return category(rune) == UTF8PROC_CATEGORY_LL;
}

bool utf8_is_title(uint32_t rune)
{
    return category(rune) == UTF8PROC_CATEGORY_LT;
}

bool utf8_is_number(uint32_t rune)
{
    utf8proc_category_t c = category(rune);

    return c >= UTF8PROC_CATEGORY_ND && c <= UTF8PROC_CATEGORY_NO;
}

bool utf8_is_punct(uint32_t rune)
{
    utf8proc_category_t c = category(rune);

    return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO;
}

bool utf8_is_print(uint32_t rune)
{
    utf8proc_category_t c;

    if (rune < 0x80)
        return rune >= 0x20 && rune < 0x7F;
    c = category(rune);
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_SO;
}
