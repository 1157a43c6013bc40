/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/lex.h"

#include "base/arena.h"
#include "core/gotmpl/quote.h"
#include "foreign/utf8.h"

#define END_OF_TEXT UINT32_MAX

/* A step either has a token or wants another step. */
enum step { STEP_TOKEN, STEP_TEXT, STEP_ACTION, STEP_LEFT_DELIM, STEP_RIGHT_DELIM, STEP_COMMENT };

static const struct {
    const char *word;
    enum token_kind kind;
} keywords[] = {
    { ".", TOKEN_DOT },
    { "block", TOKEN_BLOCK },
    { "break", TOKEN_BREAK },
    { "continue", TOKEN_CONTINUE },
    { "define", TOKEN_DEFINE },
    { "else", TOKEN_ELSE },
    { "end", TOKEN_END },
    { "if", TOKEN_IF },
    { "range", TOKEN_RANGE },
    { "nil", TOKEN_NIL },
    { "template", TOKEN_TEMPLATE },
    { "with", TOKEN_WITH },
};

void lexer_init(struct lexer *l, struct arena *a, struct str input)
{
    *l = (struct lexer){ .arena = a, .input = input, .line = 1, .start_line = 1 };
}

static struct str rest_at(const struct lexer *l, size_t pos)
{
    return str_skip(l->input, pos);
}

static uint32_t count_lines(struct str s)
{
    uint32_t n = 0;

    for (size_t at = 0; (at = str_find_byte(s, '\n', at)) != SIZE_MAX; at++)
        n++;
    return n;
}

static uint32_t next(struct lexer *l)
{
    uint32_t rune;

    if (l->pos >= l->input.len) {
        l->at_eof = true;
        return END_OF_TEXT;
    }
    l->pos += utf8_decode(rest_at(l, l->pos), &rune);
    if (rune == '\n')
        l->line++;
    return rune;
}

static void back_to(struct lexer *l, size_t pos, uint32_t rune)
{
    if (l->at_eof || rune == END_OF_TEXT)
        return;
    l->pos = pos;
    if (rune == '\n')
        l->line--;
}

static uint32_t peek(const struct lexer *l)
{
    uint32_t rune;

    if (l->pos >= l->input.len)
        return END_OF_TEXT;
    (void)utf8_decode(rest_at(l, l->pos), &rune);
    return rune;
}

static struct token take(struct lexer *l, enum token_kind kind)
{
    struct token t = { kind, l->start, str_slice(l->input, l->start, l->pos), l->start_line };

    l->start = l->pos;
    l->start_line = l->line;
    return t;
}

/* Skips what was stepped over without next(), so its lines are still to be counted. */
static void ignore(struct lexer *l)
{
    l->line += count_lines(str_slice(l->input, l->start, l->pos));
    l->start = l->pos;
    l->start_line = l->line;
}

static struct token fail(struct lexer *l, struct str message)
{
    struct token t = { TOKEN_ERROR, l->start, message, l->start_line };

    l->failed = true;
    return t;
}

static bool is_space(uint32_t r)
{
    return r == ' ' || r == '\t' || r == '\r' || r == '\n';
}

static bool is_alphanumeric(uint32_t r)
{
    if (r < 0x80)
        return r == '_' || (r >= '0' && r <= '9') || ((r | 0x20) >= 'a' && (r | 0x20) <= 'z');
    return r != END_OF_TEXT && (utf8_is_letter(r) || utf8_is_digit(r));
}

static bool has_left_trim(struct str s)
{
    return s.len >= 2 && s.ptr[0] == '-' && is_space((uint8_t)s.ptr[1]);
}

static bool has_right_trim(struct str s)
{
    return s.len >= 2 && is_space((uint8_t)s.ptr[0]) && s.ptr[1] == '-';
}

static bool at_right_delim(const struct lexer *l, bool *ret_trim)
{
    struct str rest = rest_at(l, l->pos);

    *ret_trim = has_right_trim(rest) && str_has_prefix(str_skip(rest, 2), STR("}}"));
    return *ret_trim || str_has_prefix(rest, STR("}}"));
}

static size_t leading_space(struct str s)
{
    size_t n = 0;

    while (n < s.len && is_space((uint8_t)s.ptr[n]))
        n++;
    return n;
}

static size_t trailing_space(struct str s)
{
    size_t n = 0;

    while (n < s.len && is_space((uint8_t)s.ptr[s.len - n - 1]))
        n++;
    return n;
}

static enum step lex_text(struct lexer *l, struct token *ret)
{
    size_t at = str_find(l->input, STR("{{"), l->pos), trim = 0;

    if (at == SIZE_MAX) {
        l->pos = l->input.len;
        l->line += count_lines(str_slice(l->input, l->start, l->pos));
        *ret = take(l, l->pos > l->start ? TOKEN_TEXT : TOKEN_EOF);
        return STEP_TOKEN;
    }
    if (at == l->pos)
        return STEP_LEFT_DELIM;
    l->pos = at;
    if (has_left_trim(rest_at(l, at + 2)))
        trim = trailing_space(str_slice(l->input, l->start, at));
    l->pos -= trim;
    l->line += count_lines(str_slice(l->input, l->start, l->pos));
    *ret = take(l, TOKEN_TEXT);
    l->pos += trim;
    ignore(l);
    return ret->text.len > 0 ? STEP_TOKEN : STEP_LEFT_DELIM;
}

static enum step lex_left_delim(struct lexer *l, struct token *ret)
{
    size_t marker;

    l->pos += 2;
    marker = has_left_trim(rest_at(l, l->pos)) ? 2 : 0;
    if (str_has_prefix(rest_at(l, l->pos + marker), STR("/*"))) {
        l->pos += marker;
        ignore(l);
        return STEP_COMMENT;
    }
    *ret = take(l, TOKEN_LEFT_DELIM);
    l->inside_action = true;
    l->pos += marker;
    ignore(l);
    l->paren_depth = 0;
    return STEP_TOKEN;
}

static enum step lex_comment(struct lexer *l, struct token *ret)
{
    size_t end = str_find(l->input, STR("*/"), l->pos + 2);
    bool trim;

    if (end == SIZE_MAX) {
        *ret = fail(l, STR("unclosed comment"));
        return STEP_TOKEN;
    }
    l->pos = end + 2;
    if (!at_right_delim(l, &trim)) {
        *ret = fail(l, STR("comment ends before closing delimiter"));
        return STEP_TOKEN;
    }
    l->line += count_lines(str_slice(l->input, l->start, l->pos));
    (void)take(l, TOKEN_TEXT);
    l->pos += trim ? 4 : 2;
    if (trim)
        l->pos += leading_space(rest_at(l, l->pos));
    ignore(l);
    return STEP_TEXT;
}

static enum step lex_right_delim(struct lexer *l, struct token *ret)
{
    bool trim;

    (void)at_right_delim(l, &trim);
    if (trim) {
        l->pos += 2;
        ignore(l);
    }
    l->pos += 2;
    *ret = take(l, TOKEN_RIGHT_DELIM);
    if (trim) {
        l->pos += leading_space(rest_at(l, l->pos));
        ignore(l);
    }
    l->inside_action = false;
    return STEP_TOKEN;
}

static bool at_terminator(const struct lexer *l)
{
    uint32_t r = peek(l);

    if (is_space(r) || r == END_OF_TEXT || (r < 0x80 && r != 0 && strchr(".,|:)(", (int)r)))
        return true;
    return str_has_prefix(rest_at(l, l->pos), STR("}}"));
}

static struct token bad_character(struct lexer *l, uint32_t r)
{
    return fail(l, str_printf(l->arena, "bad character %.*s",
                              STR_ARG(quote_unicode(l->arena, r == END_OF_TEXT ? 0xFFFFFFFF : r))));
}

static struct token lex_identifier(struct lexer *l)
{
    struct str word;

    while (is_alphanumeric(peek(l)))
        (void)next(l);
    word = str_slice(l->input, l->start, l->pos);
    if (!at_terminator(l))
        return bad_character(l, peek(l));
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_eq(word, str_from_cstr(keywords[i].word)))
            return take(l, keywords[i].kind);
    if (str_is(word, "true") || str_is(word, "false"))
        return take(l, TOKEN_BOOL);
    return take(l, TOKEN_IDENTIFIER);
}

/* After a "." or "$". */
static struct token lex_field_or_variable(struct lexer *l, enum token_kind kind)
{
    if (at_terminator(l))
        return take(l, kind == TOKEN_VARIABLE ? TOKEN_VARIABLE : TOKEN_DOT);
    while (is_alphanumeric(peek(l)))
        (void)next(l);
    if (!at_terminator(l))
        return bad_character(l, peek(l));
    return take(l, kind);
}

/* After the opening quote. */
static struct token lex_quoted(struct lexer *l, char quote, enum token_kind kind)
{
    for (;;) {
        uint32_t r = next(l);

        if (r == '\\') {
            r = next(l);
            if (r != END_OF_TEXT && r != '\n')
                continue;
        }
        if (r == END_OF_TEXT || r == '\n')
            return fail(l, quote == '"' ? STR("unterminated quoted string")
                                        : STR("unterminated character constant"));
        if (r == (uint32_t)quote)
            return take(l, kind);
    }
}

static struct token lex_raw_quote(struct lexer *l)
{
    for (;;) {
        uint32_t r = next(l);

        if (r == END_OF_TEXT)
            return fail(l, STR("unterminated raw quoted string"));
        if (r == '`')
            return take(l, TOKEN_RAW_STRING);
    }
}

static bool accept(struct lexer *l, const char *valid)
{
    uint32_t r = peek(l);

    if (r == 0 || r >= 0x80 || !strchr(valid, (int)r))
        return false;
    (void)next(l);
    return true;
}

static bool scan_number(struct lexer *l)
{
    const char *digits = "0123456789_";
    bool is_decimal = true, is_hex = false;

    (void)accept(l, "+-");
    if (accept(l, "0")) {
        if (accept(l, "xX")) {
            digits = "0123456789abcdefABCDEF_";
            is_hex = true;
            is_decimal = false;
        } else if (accept(l, "oO")) {
            digits = "01234567_";
            is_decimal = false;
        } else if (accept(l, "bB")) {
            digits = "01_";
            is_decimal = false;
        }
    }
    while (accept(l, digits))
        ;
    if (accept(l, "."))
        while (accept(l, digits))
            ;
    if ((is_decimal && accept(l, "eE")) || (is_hex && accept(l, "pP"))) {
        (void)accept(l, "+-");
        while (accept(l, "0123456789_"))
            ;
    }
    (void)accept(l, "i");
    if (is_alphanumeric(peek(l))) {
        (void)next(l);
        return false;
    }
    return true;
}

static struct token bad_number(struct lexer *l)
{
    struct str text = quote_go(l->arena, str_slice(l->input, l->start, l->pos));

    return fail(l, str_printf(l->arena, "bad number syntax: %.*s", STR_ARG(text)));
}

static struct token lex_number(struct lexer *l)
{
    uint32_t sign;

    if (!scan_number(l))
        return bad_number(l);
    sign = peek(l);
    if (sign != '+' && sign != '-')
        return take(l, TOKEN_NUMBER);
    if (!scan_number(l) || l->input.ptr[l->pos - 1] != 'i')
        return bad_number(l);
    return take(l, TOKEN_COMPLEX);
}

static enum step lex_space(struct lexer *l, struct token *ret)
{
    size_t count = 0;

    while (is_space(peek(l))) {
        (void)next(l);
        count++;
    }
    if (has_right_trim(rest_at(l, l->pos - 1)) &&
        str_has_prefix(rest_at(l, l->pos + 1), STR("}}"))) {
        l->pos--;
        if (l->input.ptr[l->pos] == '\n')
            l->line--;
        if (count == 1)
            return STEP_RIGHT_DELIM;
    }
    *ret = take(l, TOKEN_SPACE);
    return STEP_TOKEN;
}

static struct token lex_paren(struct lexer *l, uint32_t r)
{
    if (r == '(') {
        l->paren_depth++;
        return take(l, TOKEN_LEFT_PAREN);
    }
    if (l->paren_depth == 0)
        return fail(l, STR("unexpected right paren"));
    l->paren_depth--;
    return take(l, TOKEN_RIGHT_PAREN);
}

/* What begins with `r`, which stands at `before` and is taken already. */
static struct token lex_operand(struct lexer *l, uint32_t r, size_t before)
{
    switch (r) {
    case '=':
        return take(l, TOKEN_ASSIGN);
    case ':':
        if (next(l) != '=')
            return fail(l, STR("expected :="));
        return take(l, TOKEN_DECLARE);
    case '|':
        return take(l, TOKEN_PIPE);
    case '"':
        return lex_quoted(l, '"', TOKEN_STRING);
    case '`':
        return lex_raw_quote(l);
    case '$':
        return lex_field_or_variable(l, TOKEN_VARIABLE);
    case '\'':
        return lex_quoted(l, '\'', TOKEN_CONSTANT);
    case '(':
    case ')':
        return lex_paren(l, r);
    default:
        break;
    }
    if (r == '.' && l->pos < l->input.len &&
        (l->input.ptr[l->pos] < '0' || l->input.ptr[l->pos] > '9'))
        return lex_field_or_variable(l, TOKEN_FIELD);
    if (r == '.' || r == '+' || r == '-' || (r >= '0' && r <= '9')) {
        back_to(l, before, r);
        return lex_number(l);
    }
    if (is_alphanumeric(r)) {
        back_to(l, before, r);
        return lex_identifier(l);
    }
    if (r < 0x7F && r >= 0x20)
        return take(l, TOKEN_CHAR);
    return fail(l, str_printf(l->arena, "unrecognized character in action: %.*s",
                              STR_ARG(quote_unicode(l->arena, r))));
}

static enum step lex_inside_action(struct lexer *l, struct token *ret)
{
    size_t before = l->pos;
    uint32_t r;
    bool trim;

    if (at_right_delim(l, &trim)) {
        if (l->paren_depth == 0)
            return STEP_RIGHT_DELIM;
        *ret = fail(l, STR("unclosed left paren"));
        return STEP_TOKEN;
    }
    r = next(l);
    if (r == END_OF_TEXT) {
        *ret = fail(l, STR("unclosed action"));
        return STEP_TOKEN;
    }
    if (is_space(r)) {
        back_to(l, before, r);
        return lex_space(l, ret);
    }
    *ret = lex_operand(l, r, before);
    return STEP_TOKEN;
}

struct token lexer_next(struct lexer *l)
{
    struct token t = { TOKEN_EOF, l->pos, STR("EOF"), l->start_line };
    enum step step = l->inside_action ? STEP_ACTION : STEP_TEXT;

    if (l->failed)
        return t;
    while (step != STEP_TOKEN) {
        switch (step) {
        case STEP_TEXT:
            step = lex_text(l, &t);
            break;
        case STEP_ACTION:
            step = lex_inside_action(l, &t);
            break;
        case STEP_LEFT_DELIM:
            step = lex_left_delim(l, &t);
            break;
        case STEP_RIGHT_DELIM:
            step = lex_right_delim(l, &t);
            break;
        case STEP_COMMENT:
            step = lex_comment(l, &t);
            break;
        case STEP_TOKEN:
            break;
        }
    }
    return t;
}
