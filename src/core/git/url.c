/* SPDX-License-Identifier: Apache-2.0 */
#include "core/git/url.h"

static const struct {
    struct str scheme;
    uint16_t port;
} schemes[] = { { STR_INIT("https"), 443 },
                { STR_INIT("http"), 80 },
                { STR_INIT("ssh"), 22 },
                { STR_INIT("file"), 0 } };

static struct err *check_bytes(struct arena *a, struct str url)
{
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.ptr[i];

        if (c <= ' ' || c == 0x7f || c == '"' || c == '\'' || c == '\\')
            return err_new(a, ERR_INVALID,
                           "InvalidURL: control, space or quote character at byte %zu of the URL",
                           i);
    }
    return NULL;
}

static bool scheme_is_allowed(struct str url, bool allow_file, struct git_url *ret)
{
    size_t colon = str_find(url, STR("://"), 0);

    if (colon == SIZE_MAX)
        return false;
    ret->scheme = str_slice(url, 0, colon);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (str_eq(schemes[i].scheme, ret->scheme)) {
            ret->port = schemes[i].port;
            return !str_is(ret->scheme, "file") ||
                   (allow_file && str_has_prefix(url, STR("file:///")));
        }
    return false;
}

/* "[::1]:22", "host", "host:2222" */
static struct err *split_host(struct arena *a, struct str host, struct git_url *ret)
{
    size_t colon = str_rfind_byte(host, ':'), bracket = str_rfind_byte(host, ']');
    uint64_t port;

    ret->host = host;
    if (colon == SIZE_MAX || (bracket != SIZE_MAX && bracket > colon))
        return NULL;
    ret->host = str_slice(host, 0, colon);
    if (colon + 1 == host.len)
        return NULL;
    if (!str_to_uint64(str_skip(host, colon + 1), &port) || port == 0 || port > UINT16_MAX)
        return err_new(a, ERR_INVALID, "InvalidURL: \"%.*s\" is no port",
                       STR_ARG(str_skip(host, colon + 1)));
    ret->port = (uint16_t)port;
    return NULL;
}

struct err *git_url_parse(struct arena *a, struct str url, bool allow_file, struct git_url *ret)
{
    struct git_url u = { .user = STR("") };
    struct str rest, authority;
    struct err *e;
    size_t slash, at;

    if (TRY(&e, check_bytes(a, url)))
        return e;
    if (!scheme_is_allowed(url, allow_file, &u))
        return err_new(a, ERR_INVALID,
                       "InvalidURL: \"%.*s\": scheme not allowed (https, http, ssh)",
                       STR_ARG(git_url_shown(a, str_slice(url, 0, 64))));
    rest = str_skip(url, u.scheme.len + 3);
    slash = str_find_byte(rest, '/', 0);
    authority = str_slice(rest, 0, slash);
    u.path = str_skip(rest, authority.len);
    at = str_rfind_byte(authority, '@');
    if (at != SIZE_MAX)
        u.user = str_slice(authority, 0, at);
    if (str_find_byte(u.user, ':', 0) != SIZE_MAX)
        return err_new(
            a, ERR_INVALID,
            "InvalidURL: credentials belong in secretRef, not in the URL of host \"%.*s\"",
            STR_ARG(str_skip(authority, at + 1)));
    if (TRY(&e, split_host(a, at == SIZE_MAX ? authority : str_skip(authority, at + 1), &u)))
        return e;
    if (str_has_prefix(u.host, STR("-")) || str_has_prefix(u.user, STR("-")))
        return err_new(a, ERR_INVALID, "InvalidURL: host or user begins with \"-\"");
    if (u.host.len == 0 && !str_is(u.scheme, "file"))
        return err_new(a, ERR_INVALID, "InvalidURL: \"%.*s\" has no host", STR_ARG(url));
    *ret = u;
    return NULL;
}

bool git_url_same_server(const struct git_url *a, const struct git_url *b)
{
    return str_eq(a->scheme, b->scheme) && str_eq_nocase(a->host, b->host) && a->port == b->port;
}

struct str git_url_shown(struct arena *a, struct str url)
{
    size_t scheme = str_find(url, STR("://"), 0), at;
    struct str rest, authority;

    if (scheme == SIZE_MAX)
        return url;
    rest = str_skip(url, scheme + 3);
    authority = str_slice(rest, 0, str_find_byte(rest, '/', 0));
    at = str_rfind_byte(authority, '@');
    if (at == SIZE_MAX || str_find_byte(str_slice(authority, 0, at), ':', 0) == SIZE_MAX)
        return url;
    return str_printf(a, "%.*s***@%.*s", STR_ARG(str_slice(url, 0, scheme + 3)),
                      STR_ARG(str_skip(rest, at + 1)));
}

/* Without the last part of the path; false when there is none left. */
static bool drop_last(struct str *base, size_t root)
{
    size_t slash = str_rfind_byte(*base, '/');

    if (slash == SIZE_MAX || slash < root)
        return false;
    base->len = slash;
    return true;
}

/* "git@host:path", which git takes for "ssh://git@host/path". */
static struct str without_scp(struct arena *a, struct str url)
{
    size_t colon = str_find_byte(url, ':', 0), slash = str_find_byte(url, '/', 0);

    if (colon == SIZE_MAX || slash < colon || str_contains(url, STR("://")) ||
        colon + 1 == url.len || url.ptr[colon + 1] == ':')
        return url;
    return str_printf(a, "ssh://%.*s/%.*s", STR_ARG(str_slice(url, 0, colon)),
                      STR_ARG(str_trim_prefix(str_skip(url, colon + 1), STR("/"))));
}

struct err *git_url_join(struct arena *a, struct str base, struct str url, struct str *ret)
{
    size_t scheme = str_find(base, STR("://"), 0);
    size_t root = scheme == SIZE_MAX ? 0 : str_find_byte(base, '/', scheme + 3);
    struct str from = str_trim_suffix(base, STR("/")), rest = url;

    if (!str_has_prefix(url, STR("./")) && !str_has_prefix(url, STR("../"))) {
        *ret = without_scp(a, url);
        return NULL;
    }
    for (;;) {
        if (str_has_prefix(rest, STR("../"))) {
            if (!drop_last(&from, root))
                return err_new(a, ERR_INVALID, "\"%.*s\" climbs above the server of \"%.*s\"",
                               STR_ARG(url), STR_ARG(git_url_shown(a, base)));
            rest = str_skip(rest, 3);
        } else if (str_has_prefix(rest, STR("./"))) {
            rest = str_skip(rest, 2);
        } else {
            break;
        }
    }
    *ret = str_printf(a, "%.*s/%.*s", STR_ARG(from), STR_ARG(rest));
    return NULL;
}
