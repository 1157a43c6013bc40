/* SPDX-License-Identifier: Apache-2.0 */
/* Strings, numbers, times, arrays and inline tables of TOML. */
#include <math.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/gotmpl/number.h"
#include "core/gotmpl/time.h"
#include "core/sprig/toml_reader.h"
#include "foreign/utf8.h"

static char peek(const struct toml_reader *r)
{
    return r->at < r->text.len ? r->text.ptr[r->at] : 0;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct err *read_escape(struct toml_reader *r, struct buf *out)
{
    static const char letters[] = "btnfre\"\\", values[] = "\b\t\n\f\r\033\"\\";
    char c = peek(r);
    const char *found = c ? strchr(letters, c) : NULL;
    int digits = c == 'u' ? 4 : c == 'U' ? 8 : c == 'x' ? 2 : 0;
    uint32_t rune = 0;

    r->at++;
    if (found) {
        buf_put_byte(out, values[found - letters]);
        return NULL;
    }
    if (digits == 0)
        return toml_fail(
            r,
            "invalid escape character '%c'; only the following escape characters are allowed: "
            "\\b, \\t, \\n, \\f, \\r, \\e, \\\", \\\\, \\xXX, \\uXXXX, and \\UXXXXXXXX",
            c ? c : '?');
    for (int i = 0; i < digits; i++, r->at++) {
        int d = hex_digit(peek(r));

        if (d < 0)
            return toml_fail(r, "expected %d hexadecimal digits after '\\%c'", digits, c);
        rune = rune << 4 | (uint32_t)d;
    }
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000))
        return toml_fail(r, "Escaped character '\\u%04x' is not valid UTF-8.", rune);
    utf8_put(out, rune);
    return NULL;
}

/* A backslash at the end of a line takes the white space that follows. */
static bool skip_folded(struct toml_reader *r)
{
    size_t at = r->at;

    while (at < r->text.len &&
           (r->text.ptr[at] == ' ' || r->text.ptr[at] == '\t' || r->text.ptr[at] == '\r'))
        at++;
    if (at >= r->text.len || r->text.ptr[at] != '\n')
        return false;
    r->at = at;
    while (r->at < r->text.len && strchr(" \t\r\n", peek(r))) {
        r->line += peek(r) == '\n';
        r->at++;
    }
    return true;
}

static struct err *read_multi_line(struct toml_reader *r, char quote, struct go_value *ret)
{
    const char three[] = { quote, quote, quote, 0 };
    struct buf out;
    struct err *e;

    buf_init(&out, r->arena, 0);
    r->at += 3;
    (void)toml_take(r, '\r');
    if (toml_take(r, '\n'))
        r->line++;
    while (r->at < r->text.len) {
        char c = peek(r);

        if (str_has_prefix(str_skip(r->text, r->at), str_from_cstr(three))) {
            r->at += 3;
            for (int i = 0; i < 2 && toml_take(r, quote);
                 i++) /* up to two more belong to the text */
                buf_put_byte(&out, quote);
            *ret = go_string(buf_str(&out));
            return NULL;
        }
        r->at++;
        if (c == '\\' && quote == '"') {
            if (!skip_folded(r) && TRY(&e, read_escape(r, &out)))
                return e;
            continue;
        }
        if (c == '\r' && peek(r) == '\n')
            continue;
        r->line += c == '\n';
        buf_put_byte(&out, c);
    }
    return toml_fail(r, "unexpected EOF; expected '%s'", three);
}

struct err *toml_read_string(struct toml_reader *r, struct go_value *ret)
{
    char quote = peek(r);
    const char three[] = { quote, quote, quote, 0 };
    struct buf out;
    struct err *e;

    if (str_has_prefix(str_skip(r->text, r->at), str_from_cstr(three)))
        return read_multi_line(r, quote, ret);
    buf_init(&out, r->arena, 0);
    r->at++;
    while (r->at < r->text.len) {
        char c = r->text.ptr[r->at++];

        if (c == quote) {
            *ret = go_string(buf_str(&out));
            return NULL;
        }
        if (c == '\n')
            return toml_fail(r, "strings cannot contain newlines");
        if ((uint8_t)c < ' ' && c != '\t')
            return toml_fail(r, "control characters are not allowed inside strings: '0x%02x'",
                             (uint8_t)c);
        if (c == '\\' && quote == '"') {
            if (TRY(&e, read_escape(r, &out)))
                return e;
        } else {
            buf_put_byte(&out, c);
        }
    }
    return toml_fail(r, "unexpected EOF; expected '%c'", quote);
}

static struct err *read_array(struct toml_reader *r, unsigned depth, struct go_value *ret)
{
    VEC(struct go_value) items = VEC_INIT;
    struct go_value item = go_nil();
    struct err *e;

    r->at++;
    for (;;) {
        toml_skip_blank(r, true);
        if (toml_take(r, ']'))
            break;
        if (items.count >= LIMIT_TEMPLATE_LIST_ITEMS)
            return err_new(r->arena, ERR_TOO_LARGE, "toml: array has more than %u items",
                           LIMIT_TEMPLATE_LIST_ITEMS);
        if (TRY(&e, toml_read_value(r, depth + 1, &item)))
            return e;
        *VEC_PUSH(r->arena, &items) = item;
        toml_skip_blank(r, true);
        if (!toml_take(r, ',') && peek(r) != ']')
            return toml_fail(r, "expected a comma (',') or array terminator (']')");
    }
    *ret = items.count > 0 ? go_list_over(r->arena, GO_LIST, items.items, items.count)
                           : go_list_new(r->arena, GO_LIST, 0);
    return NULL;
}

static struct err *read_inline_table(struct toml_reader *r, unsigned depth, struct go_value *ret)
{
    struct err *e;

    r->at++;
    *ret = go_map_new(r->arena, GO_MAP);
    toml_skip_blank(r, true);
    while (!toml_take(r, '}')) {
        struct toml_key key = VEC_INIT;
        struct go_value value;

        if (TRY(&e, toml_read_key(r, &key)))
            return e;
        if (!toml_take(r, '='))
            return toml_fail(r, "expected '=' after a key of an inline table");
        toml_skip_blank(r, false);
        if (TRY(&e, toml_read_value(r, depth + 1, &value)) ||
            TRY(&e, toml_assign(r, ret->map, &key, value)))
            return e;
        toml_skip_blank(r, true);
        if (!toml_take(r, ',') && peek(r) != '}')
            return toml_fail(r, "expected a comma or an inline table terminator '}'");
        toml_skip_blank(r, true);
    }
    toml_close_table(r, ret->map);
    return NULL;
}

/* Dates and times by Go layouts; local ones keep their kind as the name of the zone. */
static bool read_time(struct toml_reader *r, struct str text, struct go_value *ret)
{
    static const struct {
        const char *layout, *zone;
    } layouts[] = {
        { "2006-01-02T15:04:05Z07:00", NULL },
        { "2006-01-02T15:04:05", "datetime-local" },
        { "2006-01-02", "date-local" },
        { "15:04:05", "time-local" },
        { "2006-01-02T15:04Z07:00", NULL },
        { "2006-01-02T15:04", "datetime-local" },
        { "15:04", "time-local" },
    };
    struct str upper = str_dup(r->arena, text);
    struct buf fixed;
    struct go_time t;

    buf_init(&fixed, r->arena, 0);
    for (size_t i = 0; i < upper.len; i++)
        buf_put_byte(&fixed, (upper.ptr[i] == ' ' || upper.ptr[i] == 't') ? 'T'
                             : upper.ptr[i] == 'z'                        ? 'Z'
                                                                          : upper.ptr[i]);
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        if (time_parse(r->arena, str_from_cstr(layouts[i].layout), buf_str(&fixed), &t) != NULL)
            continue;
        if (layouts[i].zone)
            t.name = str_from_cstr(layouts[i].zone);
        *ret = go_time_of(r->arena, &t);
        return true;
    }
    return false;
}

static bool digits_are_ok(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '_' && (i == 0 || i + 1 == text.len || hex_digit(text.ptr[i - 1]) < 0 ||
                                   hex_digit(text.ptr[i + 1]) < 0))
            return false;
    return true;
}

static struct str without_underscores(struct toml_reader *r, struct str text)
{
    struct buf out;

    buf_init(&out, r->arena, 0);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '_')
            buf_put_byte(&out, text.ptr[i]);
    return buf_str(&out);
}

static bool read_number(struct toml_reader *r, struct str text, struct go_value *ret)
{
    struct str plain = without_underscores(r, text);
    struct str digits = plain.len > 0 && (plain.ptr[0] == '+' || plain.ptr[0] == '-')
                            ? str_skip(plain, 1)
                            : plain;
    bool prefixed = digits.len > 2 && digits.ptr[0] == '0' && strchr("xob", digits.ptr[1]);
    int64_t n;
    double x;

    if (!digits_are_ok(text) || digits.len == 0)
        return false;
    if (str_is(digits, "inf") || str_is(digits, "nan")) {
        x = str_is(digits, "inf") ? (double)INFINITY : (double)NAN;
        *ret = go_float(plain.ptr[0] == '-' ? -x : x);
        return true;
    }
    if (!prefixed && digits.len > 1 && digits.ptr[0] == '0' && digits.ptr[1] >= '0' &&
        digits.ptr[1] <= '9')
        return false;
    if (number_read_int(plain, prefixed ? 0 : 10, &n) == NUMBER_OK) {
        *ret = go_int64(n);
        return true;
    }
    if (prefixed || digits.ptr[0] == '.' || digits.ptr[digits.len - 1] == '.' ||
        str_contains(digits, STR(".e")) || digits.ptr[0] < '0' || digits.ptr[0] > '9' ||
        number_read_float(plain, &x) != NUMBER_OK)
        return false;
    *ret = go_float(x);
    return true;
}

/* A bare word: true, a number, a time with perhaps a space inside. */
static struct err *read_word(struct toml_reader *r, struct go_value *ret)
{
    size_t begin = r->at;
    struct str word;

    if (peek(r) && strchr("=!@$%&*()/:;<>?^`{|~\\", peek(r)))
        return toml_fail(r, "expected value but found %s instead", toml_here(r));
    while (r->at < r->text.len && !strchr(",]}# \t\r\n", peek(r)))
        r->at++;
    word = str_slice(r->text, begin, r->at);
    if (word.len == 10 && word.ptr[4] == '-' && peek(r) == ' ' && r->at + 2 < r->text.len &&
        r->text.ptr[r->at + 1] >= '0' && r->text.ptr[r->at + 1] <= '9') {
        r->at++;
        while (r->at < r->text.len && !strchr(",]}# \t\r\n", peek(r)))
            r->at++;
        word = str_slice(r->text, begin, r->at);
    }
    if (str_is(word, "true") || str_is(word, "false")) {
        *ret = go_bool(str_is(word, "true"));
        return NULL;
    }
    if (read_number(r, word, ret) || (word.len >= 5 && read_time(r, word, ret)))
        return NULL;
    if (word.len == 0)
        return toml_fail(r, "expected value but found '%c' instead", peek(r) ? peek(r) : '?');
    return toml_fail(r, "expected value but found \"%.*s\" instead", STR_ARG(word));
}

struct err *toml_read_value(struct toml_reader *r, unsigned depth, struct go_value *ret)
{
    char c = peek(r);

    if (depth > LIMIT_TREE_DEPTH)
        return err_new(r->arena, ERR_TOO_LARGE, "toml: nested deeper than %d levels",
                       LIMIT_TREE_DEPTH);
    if (c == '"' || c == '\'')
        return toml_read_string(r, ret);
    if (c == '[')
        return read_array(r, depth, ret);
    if (c == '{')
        return read_inline_table(r, depth, ret);
    return read_word(r, ret);
}
