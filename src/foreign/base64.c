/* SPDX-License-Identifier: Apache-2.0 */
#include "foreign/base64.h"

#include "base/arena.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_encode(struct arena *a, struct str bytes)
{
    const unsigned char *p = (const unsigned char *)bytes.ptr;
    size_t len = (bytes.len + 2) / 3 * 4;
    char *text, *to;

    if (len == 0)
        return STR("");
    to = text = arena_alloc(a, len);
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t have = bytes.len - i;
        uint32_t n = (uint32_t)p[i] << 16 | (have > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (have > 2 ? p[i + 2] : 0);

        *to++ = alphabet[n >> 18];
        *to++ = alphabet[n >> 12 & 63];
        *to++ = have > 1 ? alphabet[n >> 6 & 63] : '=';
        *to++ = have > 2 ? alphabet[n & 63] : '=';
    }
    return str_of(text, len);
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool base64_decode(struct arena *a, struct str text, unsigned flags, struct str *ret)
{
    unsigned char *bytes = arena_alloc(a, text.len / 4 * 3 + 3);
    size_t len = 0, digits = 0, padding = 0;
    uint32_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        int value = value_of(c);

        if ((flags & BASE64_SKIP_LINE_BREAKS) && (c == '\n' || c == '\r'))
            continue;
        if (c == '=') {
            padding++;
            continue;
        }
        if (value < 0 || padding > 0)
            return false;
        n = n << 6 | (uint32_t)value;
        if (++digits % 4 == 0) {
            bytes[len++] = (unsigned char)(n >> 16);
            bytes[len++] = (unsigned char)(n >> 8);
            bytes[len++] = (unsigned char)n;
            n = 0;
        }
    }
    if (digits % 4 == 1 || padding != (4 - digits % 4) % 4)
        return false;
    if (digits % 4 >= 2)
        bytes[len++] = (unsigned char)(digits % 4 == 2 ? n >> 4 : n >> 10);
    if (digits % 4 == 3)
        bytes[len++] = (unsigned char)(n >> 2);
    *ret = str_of((const char *)bytes, len);
    return true;
}
