/* SPDX-License-Identifier: Apache-2.0 */
/* Padding, strings, integers and floats under flags, as fmt/format.go lays them out. */
#include "core/gotmpl/formatter.h"
#include "core/gotmpl/number.h"
#include "core/gotmpl/quote.h"
#include "foreign/utf8.h"

static size_t rune_count(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; n++) {
        uint32_t r;

        i += utf8_decode(str_skip(s, i), &r);
    }
    return n;
}

void formatter_padding(struct formatter *f, int64_t count)
{
    if (count > 0)
        buf_fill(f->out, f->flags.zero && !f->flags.minus ? '0' : ' ', (size_t)count);
}

void formatter_pad(struct formatter *f, struct str s)
{
    int64_t missing;

    if (!f->flags.has_width || f->flags.width == 0) {
        buf_put(f->out, s);
        return;
    }
    missing = f->flags.width - (int64_t)rune_count(s);
    if (!f->flags.minus)
        formatter_padding(f, missing);
    buf_put(f->out, s);
    if (f->flags.minus)
        formatter_padding(f, missing);
}

static void pad_without_zeros(struct formatter *f, struct str s)
{
    bool zero = f->flags.zero;

    f->flags.zero = false;
    formatter_pad(f, s);
    f->flags.zero = zero;
}

static struct str truncated(const struct formatter *f, struct str s)
{
    int left = f->flags.precision;
    size_t i = 0;

    if (!f->flags.has_precision)
        return s;
    while (i < s.len) {
        uint32_t r;

        if (--left < 0)
            return str_slice(s, 0, i);
        i += utf8_decode(str_skip(s, i), &r);
    }
    return s;
}

void formatter_string(struct formatter *f, struct str s)
{
    formatter_pad(f, truncated(f, s));
}

void formatter_quoted(struct formatter *f, struct str s)
{
    struct buf text;

    s = truncated(f, s);
    buf_init(&text, f->out->arena, 0);
    if (f->flags.sharp && quote_can_be_raw(s)) {
        buf_put_byte(&text, '`');
        buf_put(&text, s);
        buf_put_byte(&text, '`');
    } else {
        quote_put(&text, s, '"', f->flags.plus);
    }
    formatter_pad(f, buf_str(&text));
}

static void put_hex_bytes(struct formatter *f, struct str s, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEFX" : "0123456789abcdefx";

    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = (uint8_t)s.ptr[i];

        if (f->flags.space && i > 0)
            buf_put_byte(f->out, ' ');
        if (f->flags.sharp && (i == 0 || f->flags.space)) {
            buf_put_byte(f->out, '0');
            buf_put_byte(f->out, digits[16]);
        }
        buf_put_byte(f->out, digits[c >> 4]);
        buf_put_byte(f->out, digits[c & 15]);
    }
}

void formatter_hex(struct formatter *f, struct str s, bool upper)
{
    int64_t width;

    if (f->flags.has_precision && (size_t)f->flags.precision < s.len)
        s = str_slice(s, 0, (size_t)f->flags.precision);
    width = 2 * (int64_t)s.len;
    if (width == 0) {
        if (f->flags.has_width)
            formatter_padding(f, f->flags.width);
        return;
    }
    if (f->flags.space)
        width = width * (f->flags.sharp ? 2 : 1) + (int64_t)s.len - 1;
    else if (f->flags.sharp)
        width += 2;
    if (f->flags.has_width && !f->flags.minus)
        formatter_padding(f, f->flags.width - width);
    put_hex_bytes(f, s, upper);
    if (f->flags.has_width && f->flags.minus)
        formatter_padding(f, f->flags.width - width);
}

/* Digits right to left in room[0..size); where they begin. */
static size_t put_digits(char *room, size_t size, uint64_t u, int base, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

    do {
        room[--size] = digits[u % (unsigned)base];
        u /= (unsigned)base;
    } while (u > 0);
    return size;
}

static void put_prefix(struct formatter *f, struct buf *text, int base, uint32_t verb, char first)
{
    if (verb == 'O')
        buf_lit(text, "0o");
    if (!f->flags.sharp)
        return;
    if (base == 2)
        buf_lit(text, "0b");
    else if (base == 16)
        buf_put(text, verb == 'X' ? STR("0X") : STR("0x"));
    else if (base == 8 && first != '0')
        buf_put_byte(text, '0');
}

void formatter_integer(struct formatter *f, uint64_t u, int base, bool is_signed, uint32_t verb)
{
    bool negative = is_signed && (int64_t)u < 0;
    int64_t precision = 0, zeros;
    char room[72];
    struct buf text;
    size_t at;

    u = negative ? 0 - u : u;
    if (f->flags.has_precision) {
        precision = f->flags.precision;
        if (precision == 0 && u == 0) {
            bool zero = f->flags.zero;

            f->flags.zero = false;
            formatter_padding(f, f->flags.width);
            f->flags.zero = zero;
            return;
        }
    } else if (f->flags.zero && !f->flags.minus && f->flags.has_width) {
        precision = f->flags.width - (negative || f->flags.plus || f->flags.space);
    }
    at = put_digits(room, sizeof room, u, base, verb == 'X');
    zeros = precision - (int64_t)(sizeof room - at);
    buf_init(&text, f->out->arena, 0);
    if (negative)
        buf_put_byte(&text, '-');
    else if (f->flags.plus)
        buf_put_byte(&text, '+');
    else if (f->flags.space)
        buf_put_byte(&text, ' ');
    put_prefix(f, &text, base, verb, zeros > 0 ? '0' : room[at]);
    if (zeros > 0)
        buf_fill(&text, '0', (size_t)zeros);
    buf_put(&text, str_of(room + at, sizeof room - at));
    pad_without_zeros(f, buf_str(&text));
}

void formatter_unicode(struct formatter *f, uint64_t u)
{
    int64_t precision = f->flags.has_precision && f->flags.precision > 4 ? f->flags.precision : 4;
    char room[72];
    size_t at = put_digits(room, sizeof room, u, 16, true);
    struct buf text;

    buf_init(&text, f->out->arena, 0);
    buf_lit(&text, "U+");
    if (precision > (int64_t)(sizeof room - at))
        buf_fill(&text, '0', (size_t)precision - (sizeof room - at));
    buf_put(&text, str_of(room + at, sizeof room - at));
    if (f->flags.sharp && u <= 0x10FFFF && rune_is_print((uint32_t)u)) {
        buf_lit(&text, " '");
        utf8_put(&text, (uint32_t)u);
        buf_put_byte(&text, '\'');
    }
    pad_without_zeros(f, buf_str(&text));
}

void formatter_rune(struct formatter *f, uint64_t c, bool quoted)
{
    uint32_t r = c > 0x10FFFF ? 0xFFFD : (uint32_t)c;
    struct buf text;

    buf_init(&text, f->out->arena, 0);
    if (quoted)
        quote_put_rune(&text, r, f->flags.plus);
    else
        utf8_put(&text, r);
    formatter_pad(f, buf_str(&text));
}

/* With #: always a point, and the zeros that %g would drop. `num` has its sign first. */
static struct str with_point(struct formatter *f, struct str num, char verb, int precision)
{
    bool has_point = false, saw_digit = false;
    bool is_hex = verb == 'x' || verb == 'X';
    int digits = 0;
    size_t tail = num.len;
    struct buf text;

    if (verb == 'g' || verb == 'G' || verb == 'x')
        digits = precision < 0 ? 6 : precision;
    for (size_t i = 1; i < num.len; i++) {
        char c = num.ptr[i];

        if (c == '.') {
            has_point = true;
        } else if ((c | 0x20) == 'p' || (!is_hex && (c | 0x20) == 'e')) {
            tail = i;
            break;
        } else {
            saw_digit = saw_digit || c != '0';
            digits -= saw_digit;
        }
    }
    buf_init(&text, f->out->arena, 0);
    buf_put(&text, str_slice(num, 0, tail));
    if (!has_point) {
        if (tail == 2 && num.ptr[1] == '0')
            digits--;
        buf_put_byte(&text, '.');
    }
    if (digits > 0)
        buf_fill(&text, '0', (size_t)digits);
    buf_put(&text, str_skip(num, tail));
    return buf_str(&text);
}

/* Infinities and NaN are never padded with zeros; the sign of an infinity is always shown, as in Go. */
static void put_special(struct formatter *f, struct str num)
{
    if (num.ptr[1] == 'N' && !f->flags.space && !f->flags.plus)
        num = str_skip(num, 1);
    pad_without_zeros(f, num);
}

void formatter_float(struct formatter *f, double x, char verb, int precision)
{
    struct buf text;
    struct str num;

    if (f->flags.has_precision)
        precision = f->flags.precision;
    buf_init(&text, f->out->arena, 0);
    buf_put_byte(&text, '+');
    number_put_float(&text, x, verb, precision);
    num = buf_str(&text);
    if (num.ptr[1] == '-' || num.ptr[1] == '+')
        num = str_skip(num, 1);
    if (f->flags.space && num.ptr[0] == '+' && !f->flags.plus)
        num = str_concat(f->out->arena, STR(" "), str_skip(num, 1));
    if (num.ptr[1] == 'I' || num.ptr[1] == 'N') {
        put_special(f, num);
        return;
    }
    if (f->flags.sharp && verb != 'b')
        num = with_point(f, num, verb, precision);
    if (!f->flags.plus && num.ptr[0] == '+') {
        formatter_pad(f, str_skip(num, 1));
        return;
    }
    if (f->flags.zero && !f->flags.minus && f->flags.has_width &&
        (size_t)f->flags.width > num.len) {
        buf_put_byte(f->out, num.ptr[0]);
        formatter_padding(f, f->flags.width - (int64_t)num.len);
        buf_put(f->out, str_skip(num, 1));
        return;
    }
    formatter_pad(f, num);
}
