/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/escape.h"

#include "foreign/utf8.h"

static const char upper_hex[] = "0123456789ABCDEF";

void escape_html(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        switch (s.ptr[i]) {
        case '\0':
            buf_lit(out, "\xEF\xBF\xBD");
            break;
        case '"':
            buf_lit(out, "&#34;");
            break;
        case '\'':
            buf_lit(out, "&#39;");
            break;
        case '&':
            buf_lit(out, "&amp;");
            break;
        case '<':
            buf_lit(out, "&lt;");
            break;
        case '>':
            buf_lit(out, "&gt;");
            break;
        default:
            buf_put_byte(out, s.ptr[i]);
        }
    }
}

static void put_js_ascii(struct buf *out, uint8_t c)
{
    if (c == '\\' || c == '\'' || c == '"') {
        buf_put_byte(out, '\\');
        buf_put_byte(out, (char)c);
    } else if (c == '<' || c == '>' || c == '&' || c == '=' || c < ' ') {
        buf_lit(out, "\\u00");
        buf_put_byte(out, upper_hex[c >> 4]);
        buf_put_byte(out, upper_hex[c & 15]);
    } else {
        buf_put_byte(out, (char)c);
    }
}

void escape_js(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t r;
        size_t width;

        if ((uint8_t)s.ptr[i] < 0x80) {
            put_js_ascii(out, (uint8_t)s.ptr[i++]);
            continue;
        }
        width = utf8_decode(str_skip(s, i), &r);
        if (utf8_is_print(r))
            buf_put(out, str_slice(s, i, i + width));
        else
            buf_printf(out, "\\u%04X", r);
        i += width;
    }
}

void escape_query(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = (uint8_t)s.ptr[i];

        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
            (c && strchr("-_.~", c))) {
            buf_put_byte(out, (char)c);
        } else if (c == ' ') {
            buf_put_byte(out, '+');
        } else {
            buf_put_byte(out, '%');
            buf_put_byte(out, upper_hex[c >> 4]);
            buf_put_byte(out, upper_hex[c & 15]);
        }
    }
}
