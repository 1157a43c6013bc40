/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/quote.h"

#include "foreign/utf8.h"

enum { RUNE_ERROR = 0xFFFD, RUNE_MAX = 0x10FFFF };

static const char digits[] = "0123456789abcdef";

bool rune_is_print(uint32_t rune)
{
    return utf8_is_print(rune);
}

static void put_hex(struct buf *out, char letter, uint32_t n, int width)
{
    buf_put_byte(out, '\\');
    buf_put_byte(out, letter);
    for (int shift = (width - 1) * 4; shift >= 0; shift -= 4)
        buf_put_byte(out, digits[n >> shift & 0xF]);
}

static void put_control(struct buf *out, uint32_t r)
{
    static const char letters[] = "abtnvfr"; /* of 7 to 13 */

    if (r >= 7 && r <= 13) {
        buf_put_byte(out, '\\');
        buf_put_byte(out, letters[r - 7]);
    } else if (r < ' ' || r == 0x7F) {
        put_hex(out, 'x', r, 2);
    } else if (r < 0x10000) {
        put_hex(out, 'u', r, 4);
    } else {
        put_hex(out, 'U', r, 8);
    }
}

static void put_escaped(struct buf *out, uint32_t r, char quote, bool ascii)
{
    if (r > RUNE_MAX || (r >= 0xD800 && r < 0xE000))
        r = RUNE_ERROR;
    if (r == (uint8_t)quote || r == '\\') {
        buf_put_byte(out, '\\');
        buf_put_byte(out, (char)r);
    } else if ((r < 0x80 || !ascii) && rune_is_print(r)) {
        utf8_put(out, r);
    } else {
        put_control(out, r);
    }
}

void quote_put(struct buf *out, struct str s, char quote, bool ascii)
{
    buf_put_byte(out, quote);
    for (size_t i = 0; i < s.len;) {
        uint32_t r;
        size_t width = utf8_decode(str_skip(s, i), &r);

        if (width == 1 && r == RUNE_ERROR)
            put_hex(out, 'x', (uint8_t)s.ptr[i], 2);
        else
            put_escaped(out, r, quote, ascii);
        i += width;
    }
    buf_put_byte(out, quote);
}

void quote_put_rune(struct buf *out, uint32_t rune, bool ascii)
{
    buf_put_byte(out, '\'');
    put_escaped(out, rune, '\'', ascii);
    buf_put_byte(out, '\'');
}

struct str quote_go(struct arena *a, struct str s)
{
    struct buf out;

    buf_init(&out, a, 0);
    quote_put(&out, s, '"', false);
    return buf_str(&out);
}

struct str quote_unicode(struct arena *a, uint32_t rune)
{
    struct buf out;

    buf_init(&out, a, 0);
    if (rune == UINT32_MAX) /* the end of the text, a rune of -1 in Go */
        buf_lit(&out, "U+FFFFFFFFFFFFFFFF");
    else
        buf_printf(&out, "U+%04X", rune);
    if (rune_is_print(rune)) {
        buf_lit(&out, " '");
        utf8_put(&out, rune);
        buf_lit(&out, "'");
    }
    return buf_str(&out);
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_hex(struct str *s, size_t count, uint32_t *ret)
{
    uint32_t n = 0;

    if (s->len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int d = hex_value(s->ptr[i]);

        if (d < 0)
            return false;
        n = n << 4 | (uint32_t)d;
    }
    *s = str_skip(*s, count);
    *ret = n;
    return true;
}

static bool take_octal(struct str *s, char first, uint32_t *ret)
{
    uint32_t n = (uint32_t)(first - '0');

    if (s->len < 2)
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (s->ptr[i] < '0' || s->ptr[i] > '7')
            return false;
        n = n << 3 | (uint32_t)(s->ptr[i] - '0');
    }
    *s = str_skip(*s, 2);
    *ret = n;
    return n <= 255;
}

/* What follows a backslash; *ret_byte: it is a byte, not a rune. */
static bool take_escape(struct str *s, char quote, uint32_t *ret, bool *ret_byte)
{
    static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
    const char *at;
    char c;

    if (s->len == 0)
        return false;
    c = s->ptr[0];
    *s = str_skip(*s, 1);
    at = c ? strchr(letters, c) : NULL;
    if (at) {
        *ret = (uint8_t)values[at - letters];
        return true;
    }
    *ret_byte = c == 'x' || (c >= '0' && c <= '7');
    if (c == 'x')
        return take_hex(s, 2, ret);
    if (c == 'u' || c == 'U')
        return take_hex(s, c == 'u' ? 4 : 8, ret) && *ret <= RUNE_MAX &&
               (*ret < 0xD800 || *ret >= 0xE000);
    if (*ret_byte)
        return take_octal(s, c, ret);
    *ret = (uint8_t)c;
    return c == '\\' || c == quote;
}

/* The next rune of a literal; false: the closing quote, or a mistake. */
static bool take_rune(struct str *s, char quote, uint32_t *ret, bool *ret_byte)
{
    *ret_byte = false;
    if (s->len == 0 || s->ptr[0] == quote || s->ptr[0] == '\n')
        return false;
    if (s->ptr[0] == '\\') {
        *s = str_skip(*s, 1);
        return take_escape(s, quote, ret, ret_byte);
    }
    if ((uint8_t)s->ptr[0] >= 0x80) {
        size_t width = utf8_decode(*s, ret);

        if (width == 1) { /* kept as it is */
            *ret = (uint8_t)s->ptr[0];
            *ret_byte = true;
        }
        *s = str_skip(*s, width);
        return true;
    }
    *ret = (uint8_t)s->ptr[0];
    *s = str_skip(*s, 1);
    return true;
}

static bool undo_raw(struct arena *a, struct str inner, struct str *ret)
{
    struct buf out;

    if (str_find_byte(inner, '`', 0) != SIZE_MAX)
        return false;
    *ret = inner;
    if (str_find_byte(inner, '\r', 0) == SIZE_MAX)
        return true;
    buf_init(&out, a, 0);
    for (size_t i = 0; i < inner.len; i++)
        if (inner.ptr[i] != '\r')
            buf_put_byte(&out, inner.ptr[i]);
    *ret = buf_str(&out);
    return true;
}

bool quote_undo(struct arena *a, struct str literal, struct str *ret)
{
    char quote = literal.len >= 2 ? literal.ptr[0] : 0;
    struct str inner = literal.len >= 2 ? str_slice(literal, 1, literal.len - 1) : STR_NONE;
    struct buf out;

    if (literal.len < 2 || literal.ptr[literal.len - 1] != quote)
        return false;
    if (quote == '`')
        return undo_raw(a, inner, ret);
    if (str_find_byte(inner, '\\', 0) == SIZE_MAX) {
        *ret = inner;
        return str_find_byte(inner, quote, 0) == SIZE_MAX &&
               str_find_byte(inner, '\n', 0) == SIZE_MAX;
    }
    buf_init(&out, a, 0);
    while (inner.len > 0) {
        uint32_t r;
        bool is_byte;

        if (!take_rune(&inner, quote, &r, &is_byte))
            return false;
        if (is_byte)
            buf_put_byte(&out, (char)r);
        else
            utf8_put(&out, r);
    }
    *ret = buf_str(&out);
    return true;
}

bool quote_undo_rune(struct str literal, uint32_t *ret)
{
    struct str rest = literal.len >= 2 ? str_skip(literal, 1) : STR_NONE;
    bool is_byte;

    return literal.len >= 3 && take_rune(&rest, '\'', ret, &is_byte) && rest.len == 1 &&
           rest.ptr[0] == '\'';
}

bool quote_can_be_raw(struct str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t r;
        size_t width = utf8_decode(str_skip(s, i), &r);

        if (width == 1 ? r == RUNE_ERROR || (r < ' ' && r != '\t') || r == '`' || r == 0x7F
                       : r == 0xFEFF)
            return false;
        i += width;
    }
    return true;
}
