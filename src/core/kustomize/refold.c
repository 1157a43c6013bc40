/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/refold.h"

#include "base/buf.h"
#include "core/kustomize/resource.h"
#include "core/kustomize/timestamp.h"

static bool is_blank(struct str s, size_t at)
{
    return at < s.len && (s.ptr[at] == ' ' || s.ptr[at] == '\t');
}

/* The writer cannot fold text with control characters or a space before a line break: it quotes it. */
static bool is_foldable(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        bool before_break = i + 1 == s.len || s.ptr[i + 1] == '\n';
        if ((c == ' ' && before_break) || (c < ' ' && c != '\n' && c != '\t') || c == 0x7F)
            return false;
    }
    return s.len > 0;
}

/* Line breaks of a run as they are read back, of `count` in the text and `extra` that the writer added. */
static void put_breaks(struct buf *out, size_t count, size_t extra, bool indented)
{
    size_t total = count + extra;
    if (indented)
        buf_fill(out, '\n', total);
    else if (total == 1)
        buf_put_byte(out, ' ');
    else
        buf_fill(out, '\n', total - 1);
}

struct str kust_refold_text(struct arena *a, struct str text)
{
    struct buf out;
    buf_init(&out, a, 0);
    size_t first = 0, at = 0;
    while (first < text.len && text.ptr[first] == '\n')
        first++;
    bool adds = first < text.len && !is_blank(text, first);
    buf_fill(&out, '\n', first);
    for (at = first; at < text.len;) {
        size_t end = str_find_byte(text, '\n', at), next;
        bool leading = is_blank(text, at);
        buf_put(&out, str_slice(text, at, end));
        if (end == SIZE_MAX)
            break;
        for (next = end; next < text.len && text.ptr[next] == '\n'; next++)
            ;
        size_t extra = adds && !leading ? 1 : 0;
        if (next < text.len)
            put_breaks(&out, next - end, extra, leading || is_blank(text, next));
        else
            buf_fill(&out, '\n', next - end == 1 ? 1 : next - end + extra);
        at = next;
    }
    return buf_str(&out);
}

/* The writer gives no hint of the indentation, and no reader then takes a tab for content. */
static bool is_unreadable(const struct val *v)
{
    bool quoted = v->line > 0 && (v->style == VAL_STYLE_SINGLE || v->style == VAL_STYLE_DOUBLE);
    bool block = v->line > 0 && (v->style == VAL_STYLE_LITERAL || v->style == VAL_STYLE_FOLDED);
    if (v->text.len == 0 || v->text.ptr[0] != '\t' || quoted)
        return false;
    return (block || str_find_byte(v->text, '\n', 0) != SIZE_MAX) && is_foldable(v->text);
}

static struct err *refold_string(struct arena *a, const struct val *v, const struct val **ret)
{
    *ret = v;
    if (kust_is_mistyped(v))
        return err_new(a, ERR_INVALID,
                       "a replacement put \"%.*s\" where a number, a boolean or null is",
                       STR_ARG(v->text));
    if (is_unreadable(v))
        return err_new(a, ERR_INVALID,
                       "text of several lines that begins with a tab cannot be written and read "
                       "back; begin it with another character");
    struct str text = v->text;
    if (v->line > 0 && v->style == VAL_STYLE_PLAIN)
        text = kust_timestamp(a, text);
    else if (v->line > 0 && v->style == VAL_STYLE_FOLDED &&
             str_find_byte(text, '\n', 0) != SIZE_MAX && is_foldable(text))
        text = kust_refold_text(a, text);
    if (text.ptr != v->text.ptr && !str_eq(text, v->text))
        *ret = val_string(a, text);
    return NULL;
}

struct err *kust_refold(struct arena *a, const struct val *v, const struct val **ret)
{
    struct map_editor map = { .arena = a, .map = v };
    struct seq_editor seq = { .arena = a, .seq = v };
    const struct val *now;
    struct err *e;
    *ret = v;
    if (v->kind == VAL_STRING)
        return refold_string(a, v, ret);
    if (v->kind == VAL_FLOAT && v->real == 0)
        *ret = val_int(a, 0); /* -0 is read back as an integer */
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        if (TRY(&e, kust_refold(a, v->fields[i].value, &now)))
            return e;
        if (now != v->fields[i].value)
            map_editor_set(&map, v->fields[i].key, now);
    }
    for (size_t i = 0; v->kind == VAL_SEQ && i < v->count; i++) {
        if (TRY(&e, kust_refold(a, v->items[i], &now)))
            return e;
        if (now != v->items[i])
            seq_editor_set(&seq, i, now);
    }
    if (v->kind == VAL_MAP)
        *ret = map_editor_done(&map);
    else if (v->kind == VAL_SEQ)
        *ret = seq_editor_done(&seq);
    return NULL;
}
