/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/lint_address.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           (unsigned char)c >= 0x80;
}

static bool all_among(struct str s, const char *more)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_word(s.ptr[i]) && !(s.ptr[i] && strchr(more, s.ptr[i])))
            return false;
    return s.len > 0;
}

/* Labels of letters and digits, with "-", "_" and "~" inside; the last begins with a letter. */
static bool is_mail_domain(struct str s)
{
    struct str label, last = STR(""), rest = str_trim_suffix(s, STR("."));
    size_t count = 0;

    while (str_cut(&rest, '.', &label)) {
        if (!all_among(label, "-_~") || !is_word(label.ptr[0]) ||
            !is_word(label.ptr[label.len - 1]))
            return false;
        last = label;
        count++;
    }
    return count > 1 && !is_digit(last.ptr[0]) && !is_digit(last.ptr[last.len - 1]);
}

bool lint_is_email(struct str s)
{
    size_t at = str_rfind_byte(s, '@');
    struct str local, part;

    if (at == SIZE_MAX || !is_mail_domain(str_skip(s, at + 1)))
        return false;
    local = str_slice(s, 0, at);
    if (local.len > 2 && local.ptr[0] == '"' && local.ptr[local.len - 1] == '"')
        return true;
    while (str_cut(&local, '.', &part))
        if (!all_among(part, "!#$%&'*+-/=?^_`{|}~"))
            return false;
    return at > 0;
}

/* "https" of "https://..."; the colon taken too. */
static bool take_scheme(struct str *s, struct str *ret)
{
    size_t colon = str_find_byte(*s, ':', 0);

    if (colon == SIZE_MAX || colon == 0 || is_digit(s->ptr[0]))
        return false;
    *ret = str_slice(*s, 0, colon);
    *s = str_skip(*s, colon + 1);
    return all_among(*ret, "+-.") && (unsigned char)ret->ptr[0] < 0x80 && is_word(ret->ptr[0]);
}

static bool is_port(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return true;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool has_bad_escape(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '%' && !(i + 2 < s.len && is_hex(s.ptr[i + 1]) && is_hex(s.ptr[i + 2])))
            return true;
    return false;
}

/* user@host:port, up to the path. */
static struct str take_authority(struct str *rest)
{
    size_t end = 0;

    while (end < rest->len && !strchr("/?#", rest->ptr[end]))
        end++;
    struct str authority = str_slice(*rest, 0, end);
    *rest = str_skip(*rest, end);
    return authority;
}

static void split_port(struct str authority, struct str *ret_host, struct str *ret_port)
{
    size_t at = str_rfind_byte(authority, '@'), colon;

    if (at != SIZE_MAX)
        authority = str_skip(authority, at + 1);
    colon = str_rfind_byte(authority, ':');
    if (colon != SIZE_MAX && str_find_byte(authority, ']', colon) != SIZE_MAX)
        colon = SIZE_MAX;
    *ret_host = str_slice(authority, 0, colon);
    *ret_port = colon == SIZE_MAX ? STR("") : str_skip(authority, colon + 1);
}

bool lint_is_request_url(struct str s)
{
    struct str scheme, host, port;

    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < 0x20 || s.ptr[i] == 0x7f)
            return false;
    if (!take_scheme(&s, &scheme))
        return false;
    if (!str_has_prefix(s, STR("//")))
        return s.len == 0 || s.ptr[0] != '/' || !has_bad_escape(s);
    s = str_skip(s, 2);
    split_port(take_authority(&s), &host, &port);
    for (size_t i = 0; i < host.len; i++)
        if (!is_word(host.ptr[i]) && !strchr("!$&'()*+,;=:[]<>\"-_.~%", host.ptr[i]))
            return false;
    return is_port(port) && !has_bad_escape(str_slice(s, 0, str_find_byte(s, '?', 0)));
}

bool lint_is_url(struct str s)
{
    static const char *const schemes[] = { "ftp", "tcp", "udp", "ws", "wss", "http", "https" };
    struct str rest = s, scheme = STR(""), host, port;
    size_t sep = str_find(s, STR("://"), 0);
    bool known = sep == SIZE_MAX;

    if (s.len <= 3 || s.len >= 2083 || s.ptr[0] == '.')
        return false;
    if (sep != SIZE_MAX) {
        scheme = str_slice(s, 0, sep);
        rest = str_skip(s, sep + 3);
    }
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        known = known || str_eq(scheme, str_from_cstr(schemes[i]));
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == ' ' || (s.ptr[i] >= '\t' && s.ptr[i] <= '\r'))
            return false;
    split_port(take_authority(&rest), &host, &port);
    if (sep == SIZE_MAX && port.len == 0 && str_find_byte(host, '.', 0) == SIZE_MAX)
        return false;
    return known && all_among(host, "-_.[]:") && host.ptr[0] != '.' && is_port(port) &&
           port.len <= 5;
}
