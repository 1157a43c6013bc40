/* SPDX-License-Identifier: Apache-2.0 */
#include "value/yaml_scalar.h"

#include "foreign/utf8.h"
#include "value/yaml.h"

enum { WIDTH = 80, SIMPLE_KEY_BYTES = 128 };

void yaml_line_text(struct yaml_line *l, struct str text)
{
    buf_put(l->out, text);
    for (size_t i = 0; i < text.len; i++)
        l->column += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
}

void yaml_line_break(struct yaml_line *l)
{
    buf_put_byte(l->out, '\n');
    l->column = 0;
}

void yaml_line_indent(struct yaml_line *l, size_t indent)
{
    if (!l->indention || l->column > indent || (l->column == indent && !l->whitespace))
        yaml_line_break(l);
    if (l->column < indent) {
        buf_fill(l->out, ' ', indent - l->column);
        l->column = indent;
    }
    l->whitespace = true;
    l->indention = true;
}

void yaml_line_indicator(struct yaml_line *l, struct str text, bool space, bool whitespace,
                         bool indention)
{
    if (space && !l->whitespace)
        yaml_line_text(l, STR(" "));
    yaml_line_text(l, text);
    l->whitespace = whitespace;
    l->indention = l->indention && indention;
}

static bool is_break_rune(uint32_t r)
{
    return r == '\n' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029;
}

static bool is_printable(uint32_t r)
{
    return r == '\n' || (r >= 0x20 && r <= 0x7E) || (r >= 0xA0 && r <= 0xFFFD && r != 0xFEFF);
}

/* What a scalar's content allows. */
struct traits {
    bool multiline;
    bool plain;
    bool single;
    bool block;
};

struct scan {
    bool indicators, breaks, special;
    bool leading_space, leading_break, trailing_space, trailing_break;
    bool break_space, space_break;
    bool previous_space, previous_break;
};

static bool is_block_indicator(struct str s, size_t at, uint32_t r, bool preceded_by_space,
                               bool followed_by_space)
{
    if (at == 0)
        return (r < 0x80 && r != 0 && strchr("#,[]{}&*!|>'\"%@`", (int)r)) ||
               (followed_by_space && (r == '?' || r == ':' || r == '-')) ||
               str_has_prefix(s, STR("---")) || str_has_prefix(s, STR("..."));
    return (r == ':' && followed_by_space) || (r == '#' && preceded_by_space);
}

static void scan_white(struct scan *c, uint32_t r, bool first, bool last)
{
    if (r == ' ') {
        c->leading_space |= first;
        c->trailing_space |= last;
        c->break_space |= c->previous_break;
    } else if (is_break_rune(r)) {
        c->breaks = true;
        c->leading_break |= first;
        c->trailing_break |= last;
        c->space_break |= c->previous_space;
    }
    c->previous_space = r == ' ';
    c->previous_break = is_break_rune(r);
}

/* Letters, digits and _ . / - + as bits of ASCII. */
static bool is_word_byte(unsigned char c)
{
    static const uint64_t bits[2] = { 0x03FFE80000000000, 0x07FFFFFE87FFFFFE };

    return c < 0x80 && (bits[c / 64] >> c % 64 & 1);
}

/* Names, numbers, paths, images: nothing in them means anything to YAML. */
static bool is_word(struct str s)
{
    unsigned char first = (unsigned char)s.ptr[0];

    if (!is_word_byte(first) || first == '-' || first == '.' || first == '+')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!is_word_byte((unsigned char)s.ptr[i]) && (s.ptr[i] != ':' || i + 1 == s.len))
            return false;
    return true;
}

/* Past the printable ASCII at `i` that means nothing wherever it stands behind the first rune. */
static size_t skip_ordinary(struct str s, size_t i)
{
    while (i < s.len && s.ptr[i] > ' ' && s.ptr[i] < 0x7F && s.ptr[i] != ':' && s.ptr[i] != '#')
        i++;
    return i;
}

static bool is_followed_by_space(struct str rest)
{
    uint32_t r;

    return utf8_decode(rest, &r) == 0 || r == ' ' || r == '\t' || is_break_rune(r);
}

static struct traits analyse(struct str s)
{
    struct scan c = { 0 };
    struct traits t = { .plain = true, .single = true, .block = true };
    bool preceded = true;

    if (s.len == 0)
        return (struct traits){ .plain = true, .single = true };
    if (is_word(s))
        return t;
    for (size_t i = 0, w; i < s.len; i += w) {
        uint32_t r;

        w = i > 0 ? skip_ordinary(s, i) - i : 0;
        if (w > 0) {
            c.previous_space = c.previous_break = preceded = false;
            continue;
        }
        w = utf8_decode(str_skip(s, i), &r);
        c.indicators |= is_block_indicator(s, i, r, preceded,
                                           is_followed_by_space(str_skip(s, i + w)));
        c.special |= !is_printable(r);
        scan_white(&c, r, i == 0, i + w == s.len);
        preceded = r == ' ' || r == '\t' || is_break_rune(r) || r == 0;
    }
    t.multiline = c.breaks;
    if (c.leading_space || c.leading_break || c.trailing_space || c.trailing_break || c.breaks ||
        c.indicators)
        t.plain = false;
    if (c.trailing_space)
        t.block = false;
    if (c.break_space)
        t.plain = t.single = false;
    if (c.space_break || c.special)
        t.plain = t.single = t.block = false;
    return t;
}

bool yaml_scalar_is_simple_key(struct str s)
{
    return s.len <= SIMPLE_KEY_BYTES && !analyse(s).multiline;
}

static bool next_is_space(struct str s, size_t at)
{
    return at + 1 < s.len && s.ptr[at + 1] == ' ';
}

/* Runs of text between spaces are copied whole; a single space beyond the width becomes a line break. */
static void write_plain(struct yaml_line *l, struct str s, bool may_fold, size_t indent)
{
    bool spaces = false;

    if (s.len > 0 && !l->whitespace)
        yaml_line_text(l, STR(" "));
    for (size_t i = 0; i < s.len;) {
        size_t end = str_find_byte(s, ' ', i);

        if (end != i) {
            end = end == SIZE_MAX ? s.len : end;
            yaml_line_text(l, str_slice(s, i, end));
            l->indention = spaces = false;
            i = end;
            continue;
        }
        if (may_fold && !spaces && l->column > WIDTH && !next_is_space(s, i))
            yaml_line_indent(l, indent);
        else
            yaml_line_text(l, STR(" "));
        spaces = true;
        i++;
    }
    l->whitespace = false;
    l->indention = false;
}

/* One of the five breaks, as it is; all begin a line. */
static void write_break(struct yaml_line *l, struct str text)
{
    buf_put(l->out, text);
    l->column = 0;
    l->indention = true;
}

static void write_single_rune(struct yaml_line *l, struct str text, bool *breaks, size_t indent)
{
    uint32_t r;

    utf8_decode(text, &r);
    if (is_break_rune(r)) {
        if (!*breaks && r == '\n')
            yaml_line_break(l);
        write_break(l, text);
        *breaks = true;
        return;
    }
    if (*breaks)
        yaml_line_indent(l, indent);
    if (r == '\'')
        yaml_line_text(l, STR("'"));
    yaml_line_text(l, text);
    l->indention = false;
    *breaks = false;
}

static void write_single(struct yaml_line *l, struct str s, bool may_fold, size_t indent)
{
    bool spaces = false, breaks = false;

    yaml_line_indicator(l, STR("'"), true, false, false);
    for (size_t i = 0, w; i < s.len; i += w) {
        uint32_t r;

        w = utf8_decode(str_skip(s, i), &r);
        if (r != ' ') {
            write_single_rune(l, str_of(s.ptr + i, w), &breaks, indent);
            spaces = false;
            continue;
        }
        if (may_fold && !spaces && l->column > WIDTH && i > 0 && i + 1 < s.len &&
            !next_is_space(s, i))
            yaml_line_indent(l, indent);
        else
            yaml_line_text(l, STR(" "));
        spaces = true;
    }
    yaml_line_indicator(l, STR("'"), false, false, false);
    l->whitespace = false;
    l->indention = false;
}

static void write_escape(struct yaml_line *l, uint32_t r)
{
    static const struct {
        uint32_t rune;
        char letter;
    } names[] = {
        { 0x00, '0' },  { 0x07, 'a' }, { 0x08, 'b' }, { 0x09, 't' },   { 0x0A, 'n' },
        { 0x0B, 'v' },  { 0x0C, 'f' }, { 0x0D, 'r' }, { 0x1B, 'e' },   { '"', '"' },
        { '\\', '\\' }, { 0x85, 'N' }, { 0xA0, '_' }, { 0x2028, 'L' }, { 0x2029, 'P' },
    };
    static const char hex[] = "0123456789ABCDEF";
    char text[10] = { '\\' };
    int digits = r <= 0xFF ? 2 : r <= 0xFFFF ? 4 : 8;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].rune == r) {
            text[1] = names[i].letter;
            yaml_line_text(l, str_of(text, 2));
            return;
        }
    text[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int i = 0; i < digits; i++)
        text[2 + i] = hex[r >> (4 * (digits - 1 - i)) & 15];
    yaml_line_text(l, str_of(text, (size_t)digits + 2));
}

static void write_double(struct yaml_line *l, struct str s, bool may_fold, size_t indent)
{
    bool spaces = false;
    bool escapes_all = str_has_prefix(s, STR("\xEF\xBB\xBF")); /* as the peer, by a slip */
    uint32_t r;

    yaml_line_indicator(l, STR("\""), true, false, false);
    for (size_t i = 0, w; i < s.len; i += w) {
        w = utf8_decode(str_of(s.ptr + i, s.len - i), &r);
        if (escapes_all) {
            write_escape(l, r);
        } else if (r == ' ' && may_fold && !spaces && l->column > WIDTH && i > 0 && i + 1 < s.len) {
            yaml_line_indent(l, indent);
            if (next_is_space(s, i))
                yaml_line_text(l, STR("\\"));
        } else if (!is_printable(r) || is_break_rune(r) || r == '"' || r == '\\') {
            write_escape(l, r);
        } else {
            yaml_line_text(l, str_of(s.ptr + i, w));
        }
        spaces = r == ' ';
    }
    yaml_line_indicator(l, STR("\""), false, false, false);
    l->whitespace = false;
    l->indention = false;
}

static void write_literal_line(struct yaml_line *l, struct str text, size_t indent)
{
    if (text.len == 0)
        return;
    yaml_line_indent(l, indent);
    yaml_line_text(l, text);
    l->indention = false;
}

/* Of the breaks at the end of s, as far as the hint behind "|" needs to know: none, one or more. */
static unsigned count_last_breaks(struct str s)
{
    unsigned count = 0;
    uint32_t r;

    while (count < 2 && s.len > 0) {
        size_t at = s.len - 1;

        while (at > 0 && ((unsigned char)s.ptr[at] & 0xC0) == 0x80)
            at--;
        if (utf8_decode(str_skip(s, at), &r) == 0 || !is_break_rune(r))
            break;
        s.len = at;
        count++;
    }
    return count == 1 && s.len == 0 ? 2 : count;
}

static void write_literal(struct yaml_line *l, struct str s, size_t indent)
{
    static const char *const hints[] = { "-", "", "+" };
    size_t from = 0;
    uint32_t r;

    yaml_line_indicator(l, STR("|"), true, false, false);
    utf8_decode(s, &r);
    if (r == ' ' || is_break_rune(r))
        yaml_line_text(l, STR("2"));
    yaml_line_text(l, str_from_cstr(hints[count_last_breaks(s)]));
    yaml_line_break(l);
    l->indention = true;
    l->whitespace = true;
    for (size_t i = 0, w; i < s.len; i += w) {
        w = utf8_decode(str_skip(s, i), &r);
        if (!is_break_rune(r) && i + w < s.len)
            continue;
        write_literal_line(l, str_slice(s, from, is_break_rune(r) ? i : i + w), indent);
        if (is_break_rune(r))
            write_break(l, str_of(s.ptr + i, w));
        from = i + w;
    }
}

void yaml_scalar_write(struct yaml_line *l, struct str s, enum yaml_scalar_context context,
                       size_t indent)
{
    bool is_key = context == YAML_SCALAR_SIMPLE_KEY;
    struct traits t = analyse(s);
    bool literal = str_find_byte(s, '\n', 0) != SIZE_MAX;

    if (literal && t.block && !is_key)
        write_literal(l, s, indent);
    else if (literal || !yaml_plain_is_string(s, YAML_SIGS) || (is_key && t.multiline))
        write_double(l, s, !is_key, indent);
    else if (t.plain && s.len > 0)
        write_plain(l, s, !is_key, indent);
    else if (t.single)
        write_single(l, s, !is_key, indent);
    else
        write_double(l, s, !is_key, indent);
}
