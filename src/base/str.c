/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem, mempcpy */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

int str_cmp(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

static unsigned char ascii_lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (ascii_lower((unsigned char)a.ptr[i]) != ascii_lower((unsigned char)b.ptr[i]))
            return false;
    return true;
}

bool str_has_prefix(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_of(s.ptr, prefix.len), prefix);
}

bool str_has_suffix(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || str_eq(str_skip(s, s.len - suffix.len), suffix));
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    const char *hit;

    if (from > s.len || s.len - from < needle.len)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

size_t str_find_byte(struct str s, char byte, size_t from)
{
    const char *hit = from < s.len ? memchr(s.ptr + from, byte, s.len - from) : NULL;

    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

size_t str_rfind_byte(struct str s, char byte)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.ptr[i - 1] == byte)
            return i - 1;
    return SIZE_MAX;
}

bool str_contains(struct str s, struct str needle)
{
    return str_find(s, needle, 0) != SIZE_MAX;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from >= to)
        return str_of(s.ptr ? s.ptr + (from < s.len ? from : s.len) : NULL, 0);
    return str_of(s.ptr + from, to - from);
}

struct str str_skip(struct str s, size_t n)
{
    return str_slice(s, n, s.len);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_space(s.ptr[0]))
        s = str_of(s.ptr + 1, s.len - 1);
    while (s.len > 0 && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

struct str str_trim_suffix(struct str s, struct str suffix)
{
    return str_has_suffix(s, suffix) ? str_of(s.ptr, s.len - suffix.len) : s;
}

struct str str_trim_prefix(struct str s, struct str prefix)
{
    return str_has_prefix(s, prefix) ? str_skip(s, prefix.len) : s;
}

bool str_cut(struct str *rest, char sep, struct str *ret_head)
{
    struct str s = *rest;
    size_t at;

    if (!s.ptr)
        return false;
    at = str_find_byte(s, sep, 0);
    if (at == SIZE_MAX) {
        *ret_head = s;
        *rest = STR_NONE;
    } else {
        *ret_head = str_of(s.ptr, at);
        *rest = str_of(s.ptr + at + 1, s.len - at - 1);
    }
    return true;
}

/* One round of the multiply-and-fold mix that wyhash made known. */
static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t str_hash(struct str s)
{
    return str_hash_seeded(s, 0);
}

uint64_t str_hash_seeded(struct str s, uint64_t seed)
{
    const uint64_t k0 = UINT64_C(0x9e3779b97f4a7c15);
    const uint64_t k1 = UINT64_C(0xd6e8feb86659fd93);
    uint64_t h = k0 ^ s.len ^ seed * k1;
    uint64_t word = 0;

    while (s.len >= 8) {
        memcpy(&word, s.ptr, 8);
        h = fold(h ^ word, k1);
        s = str_of(s.ptr + 8, s.len - 8);
    }
    word = 0;
    if (s.len > 0)
        memcpy(&word, s.ptr, s.len);
    return fold(h ^ word, k0 ^ k1);
}

struct str str_dup(struct arena *a, struct str s)
{
    char *copy;

    if (s.len == 0)
        return STR("");
    copy = arena_alloc(a, s.len);
    memcpy(copy, s.ptr, s.len);
    return str_of(copy, s.len);
}

const char *str_cstr(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);

    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

struct str str_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    int len;
    char *text;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len <= 0)
        return STR("");
    text = arena_alloc(a, (size_t)len + 1);
    va_start(args, format);
    (void)vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return str_of(text, (size_t)len);
}

struct str str_join(struct arena *a, const struct str *parts, size_t count, struct str sep)
{
    size_t len = count ? (count - 1) * sep.len : 0;
    char *text, *to;

    for (size_t i = 0; i < count; i++)
        len += parts[i].len;
    if (len == 0)
        return STR("");
    to = text = arena_alloc(a, len);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && sep.len > 0)
            to = mempcpy(to, sep.ptr, sep.len);
        if (parts[i].len > 0)
            to = mempcpy(to, parts[i].ptr, parts[i].len);
    }
    return str_of(text, len);
}

struct str str_concat(struct arena *a, struct str s, struct str t)
{
    struct str parts[] = { s, t };

    return str_join(a, parts, 2, STR_NONE);
}

struct str str_lower(struct arena *a, struct str s)
{
    char *text;

    if (s.len == 0)
        return s;
    text = arena_alloc(a, s.len);
    for (size_t i = 0; i < s.len; i++)
        text[i] = (char)ascii_lower((unsigned char)s.ptr[i]);
    return str_of(text, s.len);
}

bool str_to_uint64(struct str s, uint64_t *ret)
{
    uint64_t n = 0;

    if (s.len == 0)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.ptr[i] - '0';

        if (digit > 9 || __builtin_mul_overflow(n, 10u, &n) || __builtin_add_overflow(n, digit, &n))
            return false;
    }
    *ret = n;
    return true;
}

bool str_to_int64(struct str s, int64_t *ret)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    uint64_t limit = (uint64_t)INT64_MAX + negative;
    uint64_t n;

    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_skip(s, 1);
    if (!str_to_uint64(s, &n) || n > limit)
        return false;
    *ret = negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}
