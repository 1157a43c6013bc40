/* SPDX-License-Identifier: Apache-2.0 */
/* Upper and lower case, words and random letters. */
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "foreign/utf8.h"

static struct err *map_runes(struct call *c, uint32_t (*map)(uint32_t), struct go_value *ret)
{
    struct str s = c->args[0].text;
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < s.len;) {
        uint32_t r;

        i += utf8_decode(str_skip(s, i), &r);
        utf8_put(&out, map(r));
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_upper(struct call *c, struct go_value *ret)
{
    return map_runes(c, utf8_upper, ret);
}

struct err *sprig_lower(struct call *c, struct go_value *ret)
{
    return map_runes(c, utf8_lower, ret);
}

/* strings.Title's idea of what parts words. */
static bool is_separator(uint32_t r)
{
    if (r < 0x80)
        return !((r >= '0' && r <= '9') || ((r | 0x20) >= 'a' && (r | 0x20) <= 'z') || r == '_');
    return !utf8_is_letter(r) && !utf8_is_digit(r) && utf8_is_space(r);
}

struct err *sprig_title(struct call *c, struct go_value *ret)
{
    struct str s = c->args[0].text;
    uint32_t before = ' ', r;
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < s.len; before = r) {
        i += utf8_decode(str_skip(s, i), &r);
        utf8_put(&out, is_separator(before) ? utf8_title(r) : r);
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_untitle(struct call *c, struct go_value *ret)
{
    struct str s = c->args[0].text;
    bool begins = true;
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < s.len;) {
        uint32_t r;
        bool is_space;

        i += utf8_decode(str_skip(s, i), &r);
        is_space = utf8_is_space(r);
        utf8_put(&out, begins && !is_space ? utf8_lower(r) : r);
        begins = is_space;
    }
    return call_finish(c, &out, ret);
}

struct err *sprig_swapcase(struct call *c, struct go_value *ret)
{
    struct str s = c->args[0].text;
    bool after_space = true;
    struct buf out;

    call_text(c, &out);
    for (size_t i = 0; i < s.len;) {
        uint32_t r, swapped;

        i += utf8_decode(str_skip(s, i), &r);
        swapped = r;
        if (utf8_is_upper(r) || utf8_is_title(r)) {
            swapped = utf8_lower(r);
            after_space = false;
        } else if (utf8_is_lower(r)) {
            swapped = after_space ? utf8_title(r) : utf8_upper(r);
            after_space = false;
        } else {
            after_space = utf8_is_space(r);
        }
        utf8_put(&out, swapped);
    }
    return call_finish(c, &out, ret);
}

static bool is_connector(uint32_t r)
{
    return r == '-' || r == '_' || utf8_is_space(r);
}

/* xstrings.ToPascalCase, with its ways around connectors and runs of capitals. */
static void put_pascal(struct buf *out, struct str s)
{
    uint32_t r0 = 0, r1;
    bool upper = false;
    size_t width = 0;

    while (s.len > 0) {
        width = utf8_decode(s, &r0);
        s = str_skip(s, width);
        if (!is_connector(r0)) {
            upper = utf8_is_upper(r0);
            r0 = utf8_upper(r0);
            break;
        }
        utf8_put(out, r0);
    }
    if (s.len == 0) {
        if (width != 0)
            utf8_put(out, r0);
        return;
    }
    while (s.len > 0) {
        r1 = r0;
        s = str_skip(s, utf8_decode(s, &r0));
        if (is_connector(r0) && is_connector(r1)) {
            utf8_put(out, r1);
        } else if (is_connector(r1)) {
            upper = utf8_is_upper(r0);
            r0 = utf8_upper(r0);
        } else {
            if (upper && utf8_is_upper(r0))
                r0 = utf8_lower(r0);
            else
                upper = false;
            utf8_put(out, r1);
        }
    }
    utf8_put(out, r0);
}

struct err *sprig_camelcase(struct call *c, struct go_value *ret)
{
    struct buf out;

    call_text(c, &out);
    put_pascal(&out, c->args[0].text);
    return call_finish(c, &out, ret);
}

enum word_kind {
    WORD_NONE,
    WORD_NUMBER,
    WORD_UPPER,
    WORD_ALPHABET,
    WORD_CONNECTOR,
    WORD_PUNCT,
    WORD_OTHER
};

struct word {
    enum word_kind kind;
    struct str text;
};

/* Letters but those of Chinese, which are words by themselves. */
static bool is_alphabet(uint32_t r)
{
    return utf8_is_letter(r) && !(r >= 0x4E00 && r <= 0x9FCC) && !(r >= 0x3400 && r <= 0x4D85) &&
           !(r >= 0x20000 && r <= 0x2B81D);
}

static bool is_small_alphabet(uint32_t r)
{
    return is_alphabet(r) && !utf8_is_upper(r);
}

static bool is_other(uint32_t r)
{
    return !is_connector(r) && !is_alphabet(r) && !utf8_is_number(r) && !utf8_is_punct(r);
}

/* Ill-formed bytes belong to the rune that follows them. */
static size_t next_valid_rune(struct str s, uint32_t before, uint32_t *ret)
{
    size_t size = 0;

    while (size < s.len) {
        size_t width = utf8_decode(str_skip(s, size), ret);

        size += width;
        if (*ret != 0xFFFD)
            return size;
    }
    *ret = before;
    return size;
}

static size_t run_of(struct str s, size_t from, uint32_t rune, bool (*belongs)(uint32_t))
{
    while (from < s.len) {
        size_t width = next_valid_rune(str_skip(s, from), rune, &rune);

        if (!belongs(rune))
            break;
        from += width;
    }
    return from;
}

/* A word that begins with a capital: "HTTP" of "HTTPServer", "Server". */
static size_t upper_word(struct str s, size_t first, uint32_t rune)
{
    size_t at = first, before = first, width;

    if (at >= s.len)
        return at;
    width = next_valid_rune(str_skip(s, at), rune, &rune);
    if (!utf8_is_upper(rune))
        return is_alphabet(rune) ? run_of(s, at + width, rune, is_small_alphabet) : at;
    at += width;
    while (at < s.len) {
        width = next_valid_rune(str_skip(s, at), rune, &rune);
        if (!utf8_is_upper(rune))
            return is_alphabet(rune) ? before : at;
        before = at;
        at += width;
    }
    return at;
}

static struct word next_word(struct str *rest)
{
    struct word w = { WORD_NONE, *rest };
    uint32_t r;
    size_t size;

    if (rest->len == 0)
        return w;
    size = next_valid_rune(*rest, 0xFFFD, &r);
    if (r == 0xFFFD) {
        w.kind = WORD_NONE;
    } else if (is_connector(r)) {
        w.kind = WORD_CONNECTOR;
        size = run_of(*rest, size, r, is_connector);
    } else if (utf8_is_punct(r)) {
        w.kind = WORD_PUNCT;
        size = run_of(*rest, size, r, utf8_is_punct);
    } else if (utf8_is_upper(r)) {
        w.kind = WORD_UPPER;
        size = upper_word(*rest, size, r);
    } else if (is_alphabet(r)) {
        w.kind = WORD_ALPHABET;
        size = run_of(*rest, size, r, is_small_alphabet);
    } else if (utf8_is_number(r)) {
        w.kind = WORD_NUMBER;
        size = run_of(*rest, size, r, utf8_is_number);
    } else {
        w.kind = WORD_OTHER;
        size = run_of(*rest, size, r, is_other);
    }
    w.text = str_slice(*rest, 0, size);
    *rest = str_skip(*rest, size);
    return w;
}

static void put_word(struct buf *out, const struct word *w, uint32_t connector)
{
    if (w->kind != WORD_UPPER && w->kind != WORD_CONNECTOR) {
        buf_put(out, w->text);
        return;
    }
    for (size_t i = 0; i < w->text.len;) {
        uint32_t r;

        i += utf8_decode(str_skip(w->text, i), &r);
        utf8_put(out, is_connector(r) ? connector : utf8_is_upper(r) ? utf8_lower(r) : r);
    }
}

static bool wants_connector(enum word_kind kind)
{
    return kind != WORD_CONNECTOR && kind != WORD_PUNCT;
}

/* Letters and numbers behind a number belong to it. */
static void put_number_run(struct buf *out, struct word *w, struct str *rest, uint32_t connector)
{
    while (w->kind == WORD_ALPHABET || w->kind == WORD_NUMBER) {
        put_word(out, w, connector);
        *w = next_word(rest);
    }
    if (w->kind != WORD_NONE && wants_connector(w->kind))
        utf8_put(out, connector);
}

/* What stands between a word of letters and the next one. */
static void join_words(struct buf *out, struct word *w, struct str *rest, uint32_t connector)
{
    struct word number = *w;

    if (w->kind != WORD_NUMBER) {
        if (wants_connector(w->kind))
            utf8_put(out, connector);
        return;
    }
    if (rest->len == 0)
        return;
    *w = next_word(rest);
    if (w->kind != WORD_ALPHABET) { /* "Bld4Floor": the number belongs to the word before */
        put_word(out, &number, connector);
        if (wants_connector(w->kind))
            utf8_put(out, connector);
        return;
    }
    utf8_put(out, connector); /* "HTTP2xx": it belongs to the letters behind */
    put_word(out, &number, connector);
    put_number_run(out, w, rest, connector);
}

/* xstrings.ToSnakeCase and ToKebabCase. */
static struct err *connect_words(struct call *c, uint32_t connector, struct go_value *ret)
{
    struct str rest = c->args[0].text;
    struct word w = next_word(&rest);
    struct buf out;

    call_text(c, &out);
    while (rest.len > 0) {
        struct word last = w;

        if (w.kind != WORD_CONNECTOR)
            put_word(&out, &w, connector);
        w = next_word(&rest);
        if (last.kind == WORD_NUMBER)
            put_number_run(&out, &w, &rest, connector);
        else if (last.kind == WORD_CONNECTOR)
            put_word(&out, &last, connector);
        else if (last.kind != WORD_PUNCT)
            join_words(&out, &w, &rest, connector);
    }
    put_word(&out, &w, connector);
    return call_finish(c, &out, ret);
}

struct err *sprig_snakecase(struct call *c, struct go_value *ret)
{
    return connect_words(c, '_', ret);
}

struct err *sprig_kebabcase(struct call *c, struct go_value *ret)
{
    return connect_words(c, '-', ret);
}

struct err *sprig_shuffle(struct call *c, struct go_value *ret)
{
    VEC(uint32_t) runes = VEC_INIT;
    struct str s = c->args[0].text;
    struct buf out;

    for (size_t i = 0; i < s.len;)
        i += utf8_decode(str_skip(s, i), VEC_PUSH(c->arena, &runes));
    for (size_t i = runes.count; i > 1; i--) {
        size_t j = (size_t)call_random_below(c, i);
        uint32_t r = runes.items[i - 1];

        runes.items[i - 1] = runes.items[j];
        runes.items[j] = r;
    }
    call_text(c, &out);
    for (size_t i = 0; i < runes.count; i++)
        utf8_put(&out, runes.items[i]);
    return call_finish(c, &out, ret);
}

/* `count` letters of an alphabet; goutils gives "" for a negative count. */
static struct err *random_letters(struct call *c, struct str alphabet, struct go_value *ret)
{
    int64_t count = c->args[0].integer;
    struct buf out;
    struct err *e;

    if (count > 0 &&
        (TRY(&e, call_check_bytes(c, (uint64_t)count)) || TRY(&e, call_charge(c, (uint64_t)count))))
        return e;
    call_text(c, &out);
    for (int64_t i = 0; i < count; i++)
        buf_put_byte(&out, alphabet.ptr[call_random_below(c, alphabet.len)]);
    return call_finish(c, &out, ret);
}

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

struct err *sprig_rand_alpha_num(struct call *c, struct go_value *ret)
{
    return random_letters(c, STR(LETTERS DIGITS), ret);
}

struct err *sprig_rand_alpha(struct call *c, struct go_value *ret)
{
    return random_letters(c, STR(LETTERS), ret);
}

struct err *sprig_rand_numeric(struct call *c, struct go_value *ret)
{
    return random_letters(c, STR(DIGITS), ret);
}

struct err *sprig_rand_ascii(struct call *c, struct go_value *ret)
{
    return random_letters(c,
                          STR(" !\"#$%&'()*+,-./" DIGITS ":;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`"
                              "abcdefghijklmnopqrstuvwxyz{|}~"),
                          ret);
}
