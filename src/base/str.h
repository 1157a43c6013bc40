/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/str.h - a view of bytes: pointer and length, by value.
 *
 * A struct str never owns: it points into an arena, a blob, a literal or the caller's buffer, and is
 * valid as long as that is. It is not NUL-terminated. Bytes are not changed through it. `ptr` may be
 * NULL only when len is 0. Text is UTF-8 where a function says so, bytes otherwise.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *ptr;
    size_t len;
};

/* A literal, also usable in static initialisers. */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })
#define STR_INIT(lit) { "" lit, sizeof(lit) - 1 }
#define STR_NONE ((struct str){ NULL, 0 })

/* For printf: ("%.*s", STR_ARG(s)). Longer than INT_MAX is cut. */
#define STR_ARG(s) ((int)((s).len > INT32_MAX ? INT32_MAX : (s).len)), ((s).ptr ? (s).ptr : "")

static inline struct str str_of(const char *ptr, size_t len)
{
    return (struct str){ ptr, len };
}

/* View of a NUL-terminated string; NULL gives the empty view. */
static inline struct str str_from_cstr(const char *s)
{
    return (struct str){ s, s ? strlen(s) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    return a.len == 0 || (a.ptr[0] == b.ptr[0] && a.ptr[a.len - 1] == b.ptr[b.len - 1] &&
                          memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Equal to a literal: str_is(s, "kind"). */
#define str_is(s, lit) str_eq((s), STR(lit))

/* Byte order, shorter first on a tie: negative, 0 or positive. */
int str_cmp(struct str a, struct str b);

/* Equal when ASCII letters are taken without regard to case. */
bool str_eq_nocase(struct str a, struct str b);

bool str_has_prefix(struct str s, struct str prefix);
bool str_has_suffix(struct str s, struct str suffix);

/* Position of the first needle at or after `from`, or SIZE_MAX. An empty needle is found at `from`. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_byte(struct str s, char byte, size_t from);
size_t str_rfind_byte(struct str s, char byte);
bool str_contains(struct str s, struct str needle);

/* Bytes [from, to), both clamped to the length. */
struct str str_slice(struct str s, size_t from, size_t to);
struct str str_skip(struct str s, size_t n);

/* Without leading and trailing ASCII white space. */
struct str str_trim(struct str s);
struct str str_trim_suffix(struct str s, struct str suffix);
struct str str_trim_prefix(struct str s, struct str prefix);

/*
 * Cuts *rest at the first `sep`: *ret_head gets what is before it, *rest what follows. Without a `sep`
 * the head is all and the rest becomes empty with a NULL pointer. False when *rest was so already, thus
 *     for (struct str part, rest = s; str_cut(&rest, ',', &part);)
 * visits every field, empty ones included; the empty string has one empty field.
 */
bool str_cut(struct str *rest, char sep, struct str *ret_head);

/* 64-bit hash (not against an adversary who can choose keys and see timing; see base/map.h). */
uint64_t str_hash(struct str s);
/*
 * Another hash for each seed. Texts that collide under one do not under another that their author could not know: a
 * seed mixed into a finished hash would not do that.
 */
uint64_t str_hash_seeded(struct str s, uint64_t seed);

/* Copies live in the arena. str_cstr adds a NUL and is for the border to libc only. */
struct str str_dup(struct arena *a, struct str s);
const char *str_cstr(struct arena *a, struct str s);
struct str str_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str str_join(struct arena *a, const struct str *parts, size_t count, struct str sep);
struct str str_concat(struct arena *a, struct str s, struct str t);
struct str str_lower(struct arena *a, struct str s); /* ASCII letters only */

/*
 * Decimal integer, the whole of s, optional sign; false on anything else or on overflow, then *ret is
 * untouched.
 */
bool str_to_int64(struct str s, int64_t *ret);
bool str_to_uint64(struct str s, uint64_t *ret); /* no sign */

#endif
