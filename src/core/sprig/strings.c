/* SPDX-License-Identifier: Apache-2.0 */
/* Strings: trimming, cutting, joining, quoting. Lengths and offsets count bytes, as in Go. */
#include "core/gotmpl/format.h"
#include "core/gotmpl/quote.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "foreign/utf8.h"

#define TEXT(i) (c->args[i].text)

static struct err *give(struct str s, struct go_value *ret)
{
    *ret = go_string(s);
    return NULL;
}

struct err *sprig_hello(struct call *c, struct go_value *ret)
{
    (void)c;
    return give(STR("Hello!"), ret);
}

static size_t leading_spaces(struct str s)
{
    size_t at = 0;

    while (at < s.len) {
        uint32_t r;
        size_t width = utf8_decode(str_skip(s, at), &r);

        if (!utf8_is_space(r))
            break;
        at += width;
    }
    return at;
}

/* Where the last rune of s[0..len) begins. */
static size_t last_rune(struct str s, size_t len, uint32_t *ret)
{
    size_t at = len - 1;

    for (int back = 0; back < 4 && at > 0 && ((uint8_t)s.ptr[at] & 0xC0) == 0x80; back++)
        at--;
    if (utf8_decode(str_slice(s, at, len), ret) == len - at)
        return at;
    *ret = 0xFFFD;
    return len - 1;
}

struct err *sprig_trim(struct call *c, struct go_value *ret)
{
    struct str s = str_skip(TEXT(0), leading_spaces(TEXT(0)));
    uint32_t r;

    while (s.len > 0) {
        size_t at = last_rune(s, s.len, &r);

        if (!utf8_is_space(r))
            break;
        s.len = at;
    }
    return give(s, ret);
}

static bool in_cutset(struct str set, uint32_t rune)
{
    for (size_t i = 0; i < set.len;) {
        uint32_t r;

        i += utf8_decode(str_skip(set, i), &r);
        if (r == rune)
            return true;
    }
    return false;
}

struct err *sprig_trim_all(struct call *c, struct go_value *ret)
{
    struct str set = TEXT(0), s = TEXT(1);
    uint32_t r;

    while (s.len > 0) {
        size_t width = utf8_decode(s, &r);

        if (!in_cutset(set, r))
            break;
        s = str_skip(s, width);
    }
    while (s.len > 0) {
        size_t at = last_rune(s, s.len, &r);

        if (!in_cutset(set, r))
            break;
        s.len = at;
    }
    return give(s, ret);
}

struct err *sprig_trim_suffix(struct call *c, struct go_value *ret)
{
    return give(str_trim_suffix(TEXT(1), TEXT(0)), ret);
}

struct err *sprig_trim_prefix(struct call *c, struct go_value *ret)
{
    return give(str_trim_prefix(TEXT(1), TEXT(0)), ret);
}

struct err *sprig_contains(struct call *c, struct go_value *ret)
{
    *ret = go_bool(str_contains(TEXT(1), TEXT(0)));
    return NULL;
}

struct err *sprig_has_prefix(struct call *c, struct go_value *ret)
{
    *ret = go_bool(str_has_prefix(TEXT(1), TEXT(0)));
    return NULL;
}

struct err *sprig_has_suffix(struct call *c, struct go_value *ret)
{
    *ret = go_bool(str_has_suffix(TEXT(1), TEXT(0)));
    return NULL;
}

struct err *sprig_trunc(struct call *c, struct go_value *ret)
{
    int64_t n = c->args[0].integer, len = (int64_t)TEXT(1).len;

    if (n < 0 && n > -len)
        return give(str_skip(TEXT(1), (size_t)(len + n)), ret);
    if (n >= 0 && len > n)
        return give(str_slice(TEXT(1), 0, (size_t)n), ret);
    return give(TEXT(1), ret);
}

struct err *sprig_substr(struct call *c, struct go_value *ret)
{
    int64_t from = c->args[0].integer, to = c->args[1].integer, len = (int64_t)TEXT(2).len;

    if (from < 0) {
        if (to < 0 || to > len)
            return to < 0
                       ? call_fail(c, "runtime error: slice bounds out of range [:%lld]",
                                   (long long)to)
                       : call_fail(
                             c, "runtime error: slice bounds out of range [:%lld] with length %lld",
                             (long long)to, (long long)len);
        return give(str_slice(TEXT(2), 0, (size_t)to), ret);
    }
    if (to < 0 || to > len)
        to = len;
    if (from > to)
        return call_fail(c, "runtime error: slice bounds out of range [%lld:%lld]", (long long)from,
                         (long long)to);
    return give(str_slice(TEXT(2), (size_t)from, (size_t)to), ret);
}

struct err *sprig_repeat(struct call *c, struct go_value *ret)
{
    int64_t count = c->args[0].integer;
    struct buf out;
    struct err *e;

    if (count < 0)
        return call_fail(c, "strings: negative Repeat count");
    if (TEXT(1).len > 0 && TRY(&e, call_check_bytes(c, (uint64_t)count > LIMIT_TEMPLATE_STRING_BYTES
                                                           ? UINT64_MAX
                                                           : (uint64_t)count * TEXT(1).len)))
        return e;
    call_text(c, &out);
    for (int64_t i = 0; TEXT(1).len > 0 && i < count; i++)
        buf_put(&out, TEXT(1));
    return call_finish(c, &out, ret);
}

/* strings.Replace of all; an empty `from` stands before each rune and at the end. */
static void put_replaced(struct buf *out, struct str s, struct str from, struct str to)
{
    size_t at = 0;

    if (from.len > 0) {
        for (size_t next; (next = str_find(s, from, at)) != SIZE_MAX; at = next + from.len) {
            buf_put(out, str_slice(s, at, next));
            buf_put(out, to);
        }
        buf_put(out, str_skip(s, at));
        return;
    }
    buf_put(out, to);
    while (at < s.len) {
        uint32_t r;
        size_t width = utf8_decode(str_skip(s, at), &r);

        buf_put(out, str_slice(s, at, at + width));
        buf_put(out, to);
        at += width;
    }
}

struct err *sprig_replace(struct call *c, struct go_value *ret)
{
    struct buf out;

    if (str_eq(TEXT(0), TEXT(1)))
        return give(TEXT(2), ret);
    call_text(c, &out);
    put_replaced(&out, TEXT(2), TEXT(0), TEXT(1));
    return call_finish(c, &out, ret);
}

static struct err *indent(struct call *c, bool new_line, struct go_value *ret)
{
    struct str s = TEXT(1), line = STR("");
    int64_t spaces = c->args[0].integer;
    struct buf out;
    bool first = true;
    struct err *e;

    if (spaces < 0)
        return call_fail(c, "strings: negative Repeat count");
    if (TRY(&e, call_check_bytes(c, (uint64_t)spaces)))
        return e;
    call_text(c, &out);
    if (new_line)
        buf_put_byte(&out, '\n');
    while (str_cut(&s, '\n', &line) || first) {
        if (!first)
            buf_put_byte(&out, '\n');
        first = false;
        buf_fill(&out, ' ', (size_t)spaces);
        buf_put(&out, line);
        if (!s.ptr)
            break;
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_indent(struct call *c, struct go_value *ret)
{
    return indent(c, false, ret);
}

struct err *sprig_nindent(struct call *c, struct go_value *ret)
{
    return indent(c, true, ret);
}

struct err *sprig_quote(struct call *c, struct go_value *ret)
{
    struct buf out;
    struct err *e;

    call_text(c, &out);
    for (size_t i = 0; i < c->count; i++) {
        struct str text;

        if (c->args[i].type <= GO_NIL)
            continue;
        if (TRY(&e, arg_text(c, &c->args[i], &text)))
            return e;
        if (out.len > 0)
            buf_put_byte(&out, ' ');
        quote_put(&out, text, '"', false);
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_squote(struct call *c, struct go_value *ret)
{
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < c->count; i++) {
        if (c->args[i].type <= GO_NIL)
            continue;
        if (out.len > 0)
            buf_put_byte(&out, ' ');
        buf_put_byte(&out, '\'');
        if (!format_value(&out, &c->args[i]))
            return call_fail(c, "value is nested deeper than %d levels, or inside itself",
                             LIMIT_TREE_DEPTH);
        buf_put_byte(&out, '\'');
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_cat(struct call *c, struct go_value *ret)
{
    struct buf out;
    bool first = true;

    call_text(c, &out);
    for (size_t i = 0; i < c->count; i++) {
        if (c->args[i].type <= GO_NIL)
            continue;
        if (!first)
            buf_put_byte(&out, ' ');
        first = false;
        if (!format_value(&out, &c->args[i]))
            return call_fail(c, "value is nested deeper than %d levels, or inside itself",
                             LIMIT_TREE_DEPTH);
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_plural(struct call *c, struct go_value *ret)
{
    return give(TEXT(c->args[2].integer == 1 ? 0 : 1), ret);
}

struct err *sprig_to_string(struct call *c, struct go_value *ret)
{
    struct str text;
    struct err *e = arg_text(c, &c->args[0], &text);

    return e ? e : give(text, ret);
}

struct err *sprig_to_strings(struct call *c, struct go_value *ret)
{
    struct texts texts;
    struct err *e;

    if (c->args[0].type == GO_STRINGS) {
        *ret = c->args[0];
        return NULL;
    }
    if (TRY(&e, arg_texts(c, &c->args[0], &texts)))
        return e;
    *ret = texts_value(c, &texts);
    return NULL;
}

struct err *sprig_join(struct call *c, struct go_value *ret)
{
    struct texts texts;
    struct buf out;
    struct err *e;

    if (TRY(&e, arg_texts(c, &c->args[1], &texts)))
        return e;
    call_text(c, &out);
    for (size_t i = 0; i < texts.count; i++) {
        if (i > 0)
            buf_put(&out, TEXT(0));
        buf_put(&out, texts.items[i]);
    }
    return call_finish(c, &out, ret);
}

/* strings.SplitN: n < 0 is all, 0 nothing; an empty separator parts runes. */
static void split(struct call *c, struct str s, struct str separator, int64_t n, text_vec *parts)
{
    size_t at = 0;

    while (n != 0 && (n < 0 || parts->count + 1 < (uint64_t)n)) {
        size_t next;

        if (separator.len == 0) {
            uint32_t r;

            if (s.len - at <= 1 || utf8_decode(str_skip(s, at), &r) == s.len - at)
                break;
            next = at + utf8_decode(str_skip(s, at), &r);
        } else {
            next = str_find(s, separator, at);
        }
        if (next == SIZE_MAX)
            break;
        *VEC_PUSH(c->arena, parts) = str_slice(s, at, next);
        at = next + separator.len;
    }
    if (n != 0 && (separator.len > 0 || at < s.len))
        *VEC_PUSH(c->arena, parts) = str_skip(s, at);
}

static struct err *split_to_map(struct call *c, struct str separator, int64_t n, struct str s,
                                struct go_value *ret)
{
    text_vec parts = VEC_INIT;

    split(c, s, separator, n, &parts);
    *ret = go_map_new(c->arena, GO_TEXTS);
    for (size_t i = 0; i < parts.count; i++)
        go_map_set(ret->map, str_printf(c->arena, "_%zu", i), go_string(parts.items[i]));
    return NULL;
}

struct err *sprig_split(struct call *c, struct go_value *ret)
{
    return split_to_map(c, TEXT(0), -1, TEXT(1), ret);
}

struct err *sprig_splitn(struct call *c, struct go_value *ret)
{
    return split_to_map(c, TEXT(0), c->args[1].integer, TEXT(2), ret);
}

struct err *sprig_split_list(struct call *c, struct go_value *ret)
{
    text_vec parts = VEC_INIT;
    struct texts texts;

    split(c, TEXT(1), TEXT(0), -1, &parts);
    texts = (struct texts){ parts.items, parts.count };
    *ret = texts_value(c, &texts);
    return NULL;
}

/* goutils works on bytes taken for runes: what is not ASCII becomes Latin-1. */
struct err *sprig_nospace(struct call *c, struct go_value *ret)
{
    struct str s = TEXT(0);
    size_t kept = 0;
    struct buf out;

    for (size_t i = 0; i < s.len; i++)
        kept += !utf8_is_space((uint8_t)s.ptr[i]);
    if (kept == s.len)
        return give(s, ret);
    call_text(c, &out);
    for (size_t i = 0; i < s.len; i++)
        if (!utf8_is_space((uint8_t)s.ptr[i]))
            utf8_put(&out, (uint8_t)s.ptr[i]);
    return call_finish(c, &out, ret);
}

struct err *sprig_initials(struct call *c, struct go_value *ret)
{
    struct str s = TEXT(0);
    bool after_gap = true;
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < s.len; i++) {
        bool is_gap = utf8_is_space((uint8_t)s.ptr[i]);

        if (!is_gap && after_gap)
            utf8_put(&out, (uint8_t)s.ptr[i]);
        after_gap = is_gap;
    }
    return call_finish(c, &out, ret);
}

/* goutils.AbbreviateFull; the caller has checked the widths. */
static void put_abbreviated(struct buf *out, struct str s, int64_t offset, int64_t width)
{
    int64_t len = (int64_t)s.len;

    if (len <= width) {
        buf_put(out, s);
        return;
    }
    if (offset > len)
        offset = len;
    if (len - offset < width - 3)
        offset = len - (width - 3);
    if (offset <= 4) {
        buf_put(out, str_slice(s, 0, (size_t)(width - 3)));
        buf_lit(out, "...");
        return;
    }
    buf_lit(out, "...");
    if (offset + width - 3 >= len) {
        buf_put(out, str_skip(s, (size_t)(len - (width - 3))));
    } else if (width - 3 >= 4) { /* below that Abbreviate fails, and gives nothing */
        buf_put(out, str_slice(s, (size_t)offset, (size_t)(offset + width - 6)));
        buf_lit(out, "...");
    }
}

struct err *sprig_abbrev(struct call *c, struct go_value *ret)
{
    struct buf out;

    if (c->args[0].integer < 4)
        return give(TEXT(1), ret);
    call_text(c, &out);
    put_abbreviated(&out, TEXT(1), 0, c->args[0].integer);
    return call_finish(c, &out, ret);
}

struct err *sprig_abbrevboth(struct call *c, struct go_value *ret)
{
    int64_t left = c->args[0].integer, right = c->args[1].integer;
    struct buf out;

    if (right < 4 || (left > 0 && right < 7))
        return give(TEXT(2), ret);
    call_text(c, &out);
    put_abbreviated(&out, TEXT(2), left, right);
    return call_finish(c, &out, ret);
}

/* goutils.WrapCustom: breaks at spaces, long words only when asked to. */
static void put_wrapped(struct buf *out, struct str s, int64_t width, struct str line_end,
                        bool breaks_words)
{
    size_t offset = 0, length = width < 1 ? 1 : (size_t)width;

    while (s.len - offset > length) {
        size_t space;

        if (s.ptr[offset] == ' ') {
            offset++;
            continue;
        }
        space = str_rfind_byte(str_slice(s, offset, offset + length + 1), ' ');
        if (space != SIZE_MAX) {
            buf_put(out, str_slice(s, offset, offset + space));
            buf_put(out, line_end);
            offset += space + 1;
        } else if (breaks_words) {
            buf_put(out, str_slice(s, offset, offset + length));
            buf_put(out, line_end);
            offset += length;
        } else {
            space = str_find_byte(s, ' ', offset + length);
            if (space == SIZE_MAX)
                break;
            buf_put(out, str_slice(s, offset, space));
            buf_put(out, line_end);
            offset = space + 1;
        }
    }
    buf_put(out, str_skip(s, offset));
}

struct err *sprig_wrap(struct call *c, struct go_value *ret)
{
    struct buf out;

    call_text(c, &out);
    put_wrapped(&out, TEXT(1), c->args[0].integer, STR("\n"), false);
    return call_finish(c, &out, ret);
}

struct err *sprig_wrap_with(struct call *c, struct go_value *ret)
{
    struct buf out;

    call_text(c, &out);
    put_wrapped(&out, TEXT(2), c->args[0].integer, TEXT(1).len > 0 ? TEXT(1) : STR("\n"), true);
    return call_finish(c, &out, ret);
}
