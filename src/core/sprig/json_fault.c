/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sprig/json_fault.h"

#include "base/limits.h"
#include "base/vec.h"

enum inside { IN_KEY, IN_VALUE, IN_ARRAY };

struct scanner {
    struct arena *arena;
    struct str text;
    size_t at;
    VEC(uint8_t) stack;
};

static struct str unexpected_end(void)
{
    return STR("unexpected end of JSON input");
}

/*
 * 'x' as Go quotes a byte in these messages. At the end of the text Go tries a space: where none may stand, that is what is wrong.
 */
static struct str bad_within(struct scanner *s, const char *context)
{
    uint8_t b = s->at < s->text.len ? (uint8_t)s->text.ptr[s->at] : ' ';
    struct str shown;

    if (b == '\'')
        shown = STR("'\\''");
    else if (b == '"')
        shown = STR("'\"'");
    else if (b == '\\')
        shown = STR("'\\\\'");
    else if (b >= 7 && b <= 13)
        shown = str_printf(s->arena, "'\\%c'", "abtnvfr"[b - 7]);
    else if (b < ' ' || b == 0x7F)
        shown = str_printf(s->arena, "'\\x%02x'", b);
    else if (b < 0x80)
        shown = str_printf(s->arena, "'%c'", b);
    else if (b < 0xA0 || b == 0xAD)
        shown = str_printf(s->arena, "'\\u%04x'", b);
    else
        shown = str_printf(s->arena, "'%c%c'", 0xC0 | b >> 6, 0x80 | (b & 0x3F));
    return str_printf(s->arena, "invalid character %.*s %s", STR_ARG(shown), context);
}

/* The same between tokens, where a space may stand. */
static struct str bad(struct scanner *s, const char *context)
{
    return s->at < s->text.len ? bad_within(s, context) : unexpected_end();
}

static void skip_space(struct scanner *s)
{
    while (s->at < s->text.len && strchr(" \t\r\n", s->text.ptr[s->at]) && s->text.ptr[s->at])
        s->at++;
}

static bool is_digit(const struct scanner *s)
{
    return s->at < s->text.len && s->text.ptr[s->at] >= '0' && s->text.ptr[s->at] <= '9';
}

static bool is_byte(const struct scanner *s, char c)
{
    return s->at < s->text.len && s->text.ptr[s->at] == c;
}

static bool is_hex(const struct scanner *s)
{
    char c = s->at < s->text.len ? (char)(s->text.ptr[s->at] | 0x20) : 0;

    return is_digit(s) || (c >= 'a' && c <= 'f');
}

static struct str scan_string(struct scanner *s)
{
    for (s->at++; s->at < s->text.len; s->at++) {
        uint8_t b = (uint8_t)s->text.ptr[s->at];

        if (b == '"') {
            s->at++;
            return STR("");
        }
        if (b < ' ')
            return bad_within(s, "in string literal");
        if (b != '\\')
            continue;
        s->at++;
        if (is_byte(s, 'u')) {
            for (int i = 0; i < 4; i++) {
                s->at++;
                if (!is_hex(s))
                    return bad_within(s, "in \\u hexadecimal character escape");
            }
        } else if (s->at >= s->text.len || !strchr("\"\\/bfnrt", s->text.ptr[s->at]) ||
                   s->text.ptr[s->at] == 0) {
            return bad_within(s, "in string escape code");
        }
    }
    return unexpected_end();
}

static struct str scan_number(struct scanner *s)
{
    if (is_byte(s, '-')) {
        s->at++;
        if (!is_digit(s))
            return bad_within(s, "in numeric literal");
    }
    if (is_byte(s, '0'))
        s->at++;
    else
        while (is_digit(s))
            s->at++;
    if (is_byte(s, '.')) {
        s->at++;
        if (!is_digit(s))
            return bad_within(s, "after decimal point in numeric literal");
        while (is_digit(s))
            s->at++;
    }
    if (is_byte(s, 'e') || is_byte(s, 'E')) {
        s->at++;
        if (is_byte(s, '+') || is_byte(s, '-'))
            s->at++;
        if (!is_digit(s))
            return bad_within(s, "in exponent of numeric literal");
        while (is_digit(s))
            s->at++;
    }
    return STR("");
}

static struct str scan_word(struct scanner *s, struct str word)
{
    for (size_t i = 0; i < word.len; i++, s->at++)
        if (!is_byte(s, word.ptr[i]))
            return bad_within(
                s, str_cstr(s->arena, str_printf(s->arena, "in literal %.*s (expecting '%c')",
                                                 STR_ARG(word), word.ptr[i])));
    return STR("");
}

static struct str scan_scalar(struct scanner *s)
{
    if (is_byte(s, '"'))
        return scan_string(s);
    if (is_byte(s, '-') || is_digit(s))
        return scan_number(s);
    if (is_byte(s, 't'))
        return scan_word(s, STR("true"));
    if (is_byte(s, 'f'))
        return scan_word(s, STR("false"));
    if (is_byte(s, 'n'))
        return scan_word(s, STR("null"));
    return bad(s, "looking for beginning of value");
}

/* A key with its colon; the value is next. */
static struct str scan_key(struct scanner *s, const char *context)
{
    struct str fault;

    skip_space(s);
    if (!is_byte(s, '"'))
        return bad(s, context);
    fault = scan_string(s);
    if (fault.len > 0)
        return fault;
    skip_space(s);
    if (!is_byte(s, ':'))
        return bad(s, "after object key");
    s->at++;
    s->stack.items[s->stack.count - 1] = IN_VALUE;
    return STR("");
}

/* After a value: commas and closing brackets until another value is wanted, or the end. */
static struct str scan_after(struct scanner *s, bool *ret_done)
{
    for (;;) {
        bool in_array = s->stack.count > 0 && s->stack.items[s->stack.count - 1] == IN_ARRAY;

        skip_space(s);
        if (s->stack.count == 0) {
            *ret_done = true;
            return s->at < s->text.len ? bad(s, "after top-level value") : STR("");
        }
        if (is_byte(s, ',')) {
            s->at++;
            return in_array ? STR("") : scan_key(s, "looking for beginning of object key string");
        }
        if (!is_byte(s, in_array ? ']' : '}'))
            return bad(s, in_array ? "after array element" : "after object key:value pair");
        s->at++;
        s->stack.count--;
    }
}

/* Begins an array or object; *ret_closed: it is empty, and closed. */
static struct str scan_open(struct scanner *s, bool *ret_closed)
{
    bool is_array = is_byte(s, '[');

    s->at++;
    if (s->stack.count >= 10000)
        return STR("exceeded max depth");
    *VEC_PUSH(s->arena, &s->stack) = is_array ? IN_ARRAY : IN_KEY;
    skip_space(s);
    *ret_closed = is_byte(s, is_array ? ']' : '}');
    if (*ret_closed) {
        s->at++;
        s->stack.count--;
        return STR("");
    }
    return is_array ? STR("") : scan_key(s, "looking for beginning of object key string");
}

struct str json_fault(struct arena *a, struct str text)
{
    struct scanner s = { .arena = a, .text = text };
    bool done = false;

    while (!done) {
        struct str fault;

        skip_space(&s);
        if (s.at >= text.len)
            return unexpected_end();
        if (is_byte(&s, '{') || is_byte(&s, '[')) {
            bool closed = false;

            fault = scan_open(&s, &closed);
            if (fault.len > 0)
                return fault;
            if (!closed)
                continue;
        } else {
            fault = scan_scalar(&s);
            if (fault.len > 0)
                return fault;
        }
        fault = scan_after(&s, &done);
        if (fault.len > 0)
            return fault;
    }
    return STR("");
}
