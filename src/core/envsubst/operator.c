/* SPDX-License-Identifier: Apache-2.0 */
#include "core/envsubst/operator.h"

#include "base/arena.h"
#include "base/buf.h"
#include "foreign/utf8.h"

static struct str change_case(struct arena *a, struct str s, bool upper, bool first_only)
{
    struct buf out;
    uint32_t rune;

    buf_init(&out, a, 0);
    while (s.len > 0) {
        size_t width = utf8_decode(s, &rune);

        utf8_put(&out, upper ? utf8_upper(rune) : utf8_lower(rune));
        s = str_skip(s, width);
        if (first_only)
            break;
    }
    buf_put(&out, s);
    return out.len ? buf_str(&out) : STR("");
}

static struct str length_text(struct arena *a, struct str s)
{
    return str_printf(a, "%zu", s.len);
}

/* An offset or length that is no number leaves the whole value. */
static struct str substring(struct str s, const struct str *args, size_t count)
{
    int64_t at, length, size = (int64_t)s.len;

    if (count == 0 || !str_to_int64(args[0], &at))
        return s;
    if (at < 0)
        at = at + size < 0 ? 0 : at + size;
    if (at > size)
        at = size;
    if (count == 1)
        return str_skip(s, (size_t)at);
    if (!str_to_int64(args[1], &length))
        return s;
    if (length < 0)
        length = size + length - at;
    if (length < 0)
        return STR("");
    return str_slice(s, (size_t)at, length > size - at ? s.len : (size_t)(at + length));
}

static struct str replace(struct arena *a, struct str s, struct str what, struct str with, bool all)
{
    struct buf out;
    size_t at = 0;

    buf_init(&out, a, 0);
    if (what.len == 0 && !all) {
        buf_put(&out, with);
        buf_put(&out, s);
        return buf_str(&out);
    }
    while (at <= s.len) {
        size_t hit = str_find(s, what, at);
        size_t step = what.len;

        if (hit == SIZE_MAX)
            break;
        buf_put(&out, str_slice(s, at, hit));
        buf_put(&out, with);
        if (what.len == 0) { /* between all characters, as Go's strings.Replace does */
            uint32_t rune;

            step = utf8_decode(str_skip(s, hit), &rune);
            buf_put(&out, str_slice(s, hit, hit + step));
            if (step == 0)
                return buf_str(&out);
        }
        at = hit + step;
        if (!all)
            break;
    }
    buf_put(&out, str_skip(s, at));
    return out.len ? buf_str(&out) : STR("");
}

static struct str replace_end(struct arena *a, struct str s, const struct str *args, size_t count,
                              bool prefix)
{
    if (count != 2)
        return s;
    if (prefix)
        return str_has_prefix(s, args[0]) ? replace(a, s, args[0], args[1], false) : s;
    return str_has_suffix(s, args[0]) ? str_concat(a, str_slice(s, 0, s.len - args[0].len), args[1])
                                      : s;
}

/* Rune by rune, the last first. */
static struct str reverse(struct arena *a, struct str s)
{
    char *text = arena_alloc(a, s.len);
    size_t at = s.len;

    for (struct str rest = s; rest.len > 0;) {
        uint32_t rune;
        size_t width = utf8_decode(rest, &rune);

        at -= width;
        memcpy(text + at, rest.ptr, width);
        rest = str_skip(rest, width);
    }
    return str_of(text, s.len);
}

/* Without the shortest or longest prefix that matches; an empty one never does. */
static struct str trim_prefix(struct str s, struct str pattern, bool longest)
{
    struct str rest = s;
    bool bad = false;

    for (size_t len = s.len; len > 0; len--) {
        if (pattern_match(pattern, str_slice(s, 0, len), &bad)) {
            rest = str_skip(s, len);
            if (longest)
                break;
        }
        if (bad)
            return s;
    }
    return rest;
}

static struct str trim_suffix(struct arena *a, struct str s, struct str pattern, bool longest)
{
    return reverse(a, trim_prefix(reverse(a, s), reverse(a, pattern), longest));
}

bool operator_has_default(struct str name)
{
    return str_is(name, "=") || str_is(name, ":=") || str_is(name, ":-") || str_is(name, ":+") ||
           str_is(name, ":?");
}

static struct str apply_pattern(struct arena *a, struct str name, struct str value,
                                const struct str *args, size_t count)
{
    struct str first = count > 0 ? args[0] : STR("");

    if (str_is(name, "#"))
        return count == 0 ? length_text(a, value) : trim_prefix(value, first, false);
    if (count == 0)
        return value;
    if (str_is(name, "##"))
        return trim_prefix(value, first, true);
    return trim_suffix(a, value, first, str_is(name, "%%"));
}

struct str operator_apply(struct arena *a, struct str name, struct str value,
                          const struct str *args, size_t count)
{
    struct str second = count > 1 ? args[1] : STR("");

    if (str_is(name, "^") || str_is(name, "^^"))
        return change_case(a, value, true, name.len == 1);
    if (str_is(name, ",") || str_is(name, ",,"))
        return change_case(a, value, false, name.len == 1);
    if (str_is(name, "#") || str_is(name, "##") || str_is(name, "%") || str_is(name, "%%"))
        return apply_pattern(a, name, value, args, count);
    if (str_is(name, ":"))
        return substring(value, args, count);
    if (str_is(name, "/") || str_is(name, "//"))
        return count ? replace(a, value, args[0], second, name.len == 2) : value;
    if (str_is(name, "/#") || str_is(name, "/%"))
        return replace_end(a, value, args, count, name.ptr[1] == '#');
    return value.len ? value : str_join(a, args, count, STR(""));
}
