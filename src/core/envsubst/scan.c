/* SPDX-License-Identifier: Apache-2.0 */
#include "core/envsubst/scan.h"

#include "foreign/utf8.h"

static size_t decode(const struct scanner *s, size_t at, uint32_t *rune)
{
    size_t width = utf8_decode(str_skip(s->text, at), rune);

    if (width == 0)
        *rune = 0;
    return width;
}

uint32_t scan_peek(const struct scanner *s)
{
    uint32_t rune;

    (void)decode(s, s->at, &rune);
    return rune;
}

static bool is_open(const struct scanner *s, unsigned mode, size_t at)
{
    return (mode & SCAN_WANT_OPEN) && str_has_prefix(str_skip(s->text, at), STR("${"));
}

static bool is_escape(const struct scanner *s, unsigned mode, size_t at)
{
    struct str rest = str_skip(s->text, at);

    if (!(mode & SCAN_ESCAPES) || rest.len < 2)
        return false;
    return (rest.ptr[0] == '$' && rest.ptr[1] == '$') ||
           (s->backslash && rest.ptr[0] == '\\' && (rest.ptr[1] == '/' || rest.ptr[1] == '\\'));
}

/* The character behind an escape is taken as it is. */
static void take_escaped(struct scanner *s, struct buf *token)
{
    buf_put(token, str_slice(s->text, s->at + 1, s->at + 2));
    s->at += 2;
}

static bool take_text(struct scanner *s, unsigned mode, scan_accept *accept)
{
    bool first = true;
    struct buf token;

    buf_init(&token, s->arena, 0);
    while (first || !is_open(s, mode, s->at)) {
        uint32_t rune;
        size_t width = decode(s, s->at, &rune);

        if (width == 0 || rune == 0)
            break;
        if (is_escape(s, mode, s->at)) {
            take_escaped(s, &token);
        } else if (accept(rune, token.len + width)) {
            buf_put(&token, str_slice(s->text, s->at, s->at + width));
            s->at += width;
        } else if (first) {
            return false;
        } else {
            break;
        }
        first = false;
    }
    s->token = token.len ? buf_str(&token) : STR("");
    return true;
}

enum scan_token scan_next(struct scanner *s, unsigned mode, scan_accept *accept)
{
    uint32_t rune = scan_peek(s);

    s->token = STR("");
    if (rune == 0)
        return SCAN_END;
    if (is_open(s, mode, s->at)) {
        s->at += 2;
        return SCAN_OPEN;
    }
    if ((mode & SCAN_WANT_CLOSE) && rune == '}') {
        s->at++;
        return SCAN_CLOSE;
    }
    return (mode & SCAN_WANT_TEXT) && take_text(s, mode, accept) ? SCAN_TEXT : SCAN_ILLEGAL;
}

bool scan_any(uint32_t rune, size_t at)
{
    (void)rune;
    (void)at;
    return true;
}

bool scan_name(uint32_t rune, size_t at)
{
    (void)at;
    return rune == '_' || utf8_is_letter(rune) || utf8_is_digit(rune);
}

bool scan_not_close(uint32_t rune, size_t at)
{
    (void)at;
    return rune != '}';
}

bool scan_not_slash(uint32_t rune, size_t at)
{
    (void)at;
    return rune != '/';
}

bool scan_not_colon_or_close(uint32_t rune, size_t at)
{
    (void)at;
    return rune != ':' && rune != '}';
}
