/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "foreign/utf8.h"
#include "value/json.h"
#include "value/number_text.h"

static const char hex[] = "0123456789abcdef";

static void put_unicode_escape(struct buf *out, uint32_t rune)
{
    char text[6] = {
        '\\', 'u', hex[rune >> 12 & 15], hex[rune >> 8 & 15], hex[rune >> 4 & 15], hex[rune & 15]
    };

    buf_put(out, str_of(text, sizeof text));
}

/* Bytes that may stand in a JSON string as they are. */
static bool is_plain(unsigned char c, unsigned flags)
{
    if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80)
        return false;
    return !(flags & JSON_ESCAPE_HTML) || (c != '<' && c != '>' && c != '&');
}

static void put_escaped_ascii(struct buf *out, unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        buf_put_byte(out, '\\');
        buf_put_byte(out, (char)c);
        break;
    case '\n':
        buf_lit(out, "\\n");
        break;
    case '\r':
        buf_lit(out, "\\r");
        break;
    case '\t':
        buf_lit(out, "\\t");
        break;
    case '\b':
        buf_lit(out, "\\b");
        break;
    case '\f':
        buf_lit(out, "\\f");
        break;
    default:
        put_unicode_escape(out, c);
        break;
    }
}

void json_write_string(struct buf *out, struct str s, unsigned flags)
{
    buf_put_byte(out, '"');
    while (s.len > 0) {
        size_t run = 0, len;
        uint32_t rune;

        while (run < s.len && is_plain((unsigned char)s.ptr[run], flags))
            run++;
        buf_put(out, str_of(s.ptr, run));
        s = str_of(s.ptr + run, s.len - run);
        if (s.len == 0)
            break;
        if ((unsigned char)s.ptr[0] < 0x80) {
            put_escaped_ascii(out, (unsigned char)s.ptr[0]);
            s = str_of(s.ptr + 1, s.len - 1);
            continue;
        }
        len = utf8_decode(s, &rune);
        if (rune == 0xFFFD && len == 1)
            buf_lit(out, "\\ufffd"); /* not UTF-8: what Go puts there */
        else if (rune == 0x2028 || rune == 0x2029)
            put_unicode_escape(out, rune); /* Go escapes these with and without its HTML mode */
        else
            buf_put(out, str_of(s.ptr, len));
        s = str_of(s.ptr + len, s.len - len);
    }
    buf_put_byte(out, '"');
}

static void put_break(struct buf *out, unsigned flags, unsigned depth)
{
    unsigned width = flags & JSON_INDENT ? 4 : flags & JSON_INDENT2 ? 2 : 0;

    if (width == 0)
        return;
    buf_put_byte(out, '\n');
    buf_fill(out, ' ', (size_t)width * depth);
}

static void put_value(struct buf *out, const struct val *v, unsigned flags, unsigned depth);

static void put_map(struct buf *out, const struct val *v, unsigned flags, unsigned depth)
{
    buf_put_byte(out, '{');
    for (uint32_t i = 0; i < v->count; i++) {
        if (i > 0)
            buf_put_byte(out, ',');
        put_break(out, flags, depth + 1);
        json_write_string(out, v->fields[i].key, flags);
        buf_put_byte(out, ':');
        if (flags & (JSON_INDENT | JSON_INDENT2))
            buf_put_byte(out, ' ');
        put_value(out, v->fields[i].value, flags, depth + 1);
    }
    if (v->count > 0)
        put_break(out, flags, depth);
    buf_put_byte(out, '}');
}

static void put_seq(struct buf *out, const struct val *v, unsigned flags, unsigned depth)
{
    buf_put_byte(out, '[');
    for (uint32_t i = 0; i < v->count; i++) {
        if (i > 0)
            buf_put_byte(out, ',');
        put_break(out, flags, depth + 1);
        put_value(out, v->items[i], flags, depth + 1);
    }
    if (v->count > 0)
        put_break(out, flags, depth);
    buf_put_byte(out, ']');
}

static void put_value(struct buf *out, const struct val *v, unsigned flags, unsigned depth)
{
    switch ((enum val_kind)v->kind) {
    case VAL_NULL:
        buf_lit(out, "null");
        break;
    case VAL_BOOL:
        buf_put(out, v->boolean ? STR("true") : STR("false"));
        break;
    case VAL_INT:
        buf_put_int(out, v->integer);
        break;
    case VAL_FLOAT:
        number_put_json(out, v->real);
        break;
    case VAL_STRING:
        json_write_string(out, v->text, flags);
        break;
    case VAL_SEQ:
        put_seq(out, v, flags, depth);
        break;
    case VAL_MAP:
        put_map(out, v, flags, depth);
        break;
    }
}

void json_write(struct buf *out, const struct val *v, unsigned flags)
{
    if (flags & JSON_SORTED)
        v = val_sorted(out->arena, v);
    put_value(out, v, flags, 0);
}

struct str json_string(struct arena *a, const struct val *v, unsigned flags)
{
    struct buf out;

    buf_init(&out, a, 0);
    json_write(&out, v, flags);
    return buf_str(&out);
}
