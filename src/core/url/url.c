/* SPDX-License-Identifier: Apache-2.0 */
#include "core/url/url.h"

#include <assert.h>

#include "base/buf.h"
#include "core/gotmpl/quote.h"

enum mode { MODE_PATH, MODE_USER, MODE_HOST, MODE_FRAGMENT, MODE_QUERY };

static bool must_escape(uint8_t b, enum mode mode)
{
    if ((b >= '0' && b <= '9') || ((b | 0x20) >= 'a' && (b | 0x20) <= 'z') ||
        (b && strchr("-_.~", b)))
        return false;
    if (b == 0)
        return true;
    if (mode == MODE_HOST && strchr("!$&'()*+,;=:[]<>\"", b))
        return false;
    if (strchr("$&+,/:;=?@", b))
        return mode == MODE_PATH   ? b == '?'
               : mode == MODE_USER ? strchr("@/?:", b) != NULL
                                   : mode == MODE_HOST || mode == MODE_QUERY;
    return !(mode == MODE_FRAGMENT && strchr("!()*", b));
}

static struct str escape(struct arena *a, struct str s, enum mode mode)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < s.len; i++) {
        if (must_escape((uint8_t)s.ptr[i], mode))
            buf_printf(&out, "%%%02X", (uint8_t)s.ptr[i]);
        else
            buf_put_byte(&out, s.ptr[i]);
    }
    return out.len ? buf_str(&out) : STR("");
}

static int hex(struct str s, size_t i)
{
    char c = i < s.len ? s.ptr[i] : 0;

    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The error is the part behind `parse "URL": `. */
static struct err *unescape(struct arena *a, struct str s, enum mode mode, struct str *ret)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < s.len; i++) {
        uint8_t b = (uint8_t)s.ptr[i];

        if (b == '%') {
            int high = hex(s, i + 1), low = hex(s, i + 2);

            if (high < 0 || low < 0 || (mode == MODE_HOST && high < 8 && !(high == 2 && low == 5)))
                return err_new(a, ERR_INVALID, "invalid URL escape %.*s",
                               STR_ARG(quote_go(a, str_slice(s, i, i + 3))));
            b = (uint8_t)(high << 4 | low);
            i += 2;
        } else if (mode == MODE_HOST && b < 0x80 && must_escape(b, mode)) {
            return err_new(a, ERR_INVALID, "invalid character %.*s in host name",
                           STR_ARG(quote_go(a, str_slice(s, i, i + 1))));
        }
        buf_put_byte(&out, (char)b);
    }
    *ret = out.len ? buf_str(&out) : STR("");
    return NULL;
}

static struct err *take_scheme(struct arena *a, struct str *rest, struct str *ret)
{
    *ret = STR("");
    for (size_t i = 0; i < rest->len; i++) {
        char b = rest->ptr[i];

        if ((b | 0x20) >= 'a' && (b | 0x20) <= 'z')
            continue;
        if ((b >= '0' && b <= '9') || b == '+' || b == '-' || b == '.') {
            if (i == 0)
                return NULL;
            continue;
        }
        if (b != ':')
            return NULL;
        if (i == 0)
            return err_new(a, ERR_INVALID, "missing protocol scheme");
        *ret = str_lower(a, str_slice(*rest, 0, i));
        *rest = str_skip(*rest, i + 1);
        return NULL;
    }
    return NULL;
}

static bool port_is_fine(struct str port)
{
    if (port.len == 0)
        return true;
    for (size_t i = 1; i < port.len; i++)
        if (port.ptr[i] < '0' || port.ptr[i] > '9')
            return false;
    return port.ptr[0] == ':';
}

static struct err *bad_port(struct arena *a, struct str port)
{
    return err_new(a, ERR_INVALID, "invalid port %.*s after host", STR_ARG(quote_go(a, port)));
}

static struct err *parse_host(struct arena *a, const struct url *u, struct str host,
                              struct str *ret)
{
    size_t open = str_rfind_byte(host, '['), close, colon;

    if (open != SIZE_MAX && open > 0)
        return err_new(a, ERR_INVALID, "invalid IP-literal");
    if (open == 0) {
        close = str_rfind_byte(host, ']');
        if (close == SIZE_MAX)
            return err_new(a, ERR_INVALID, "missing ']' in host");
        if (!port_is_fine(str_skip(host, close + 1)))
            return bad_port(a, str_skip(host, close + 1));
        if (str_find_byte(str_slice(host, 0, close), ':', 0) == SIZE_MAX)
            return err_new(a, ERR_INVALID, "invalid IP-literal");
    } else {
        colon = str_find_byte(host, ':', 0);
        if (!str_is(u->scheme, "http") && !str_is(u->scheme, "https"))
            colon = str_rfind_byte(host, ':');
        if (colon != SIZE_MAX && !port_is_fine(str_skip(host, colon)))
            return bad_port(a, str_skip(host, colon));
    }
    return unescape(a, host, MODE_HOST, ret);
}

static struct err *parse_user(struct arena *a, struct str text, struct url *u)
{
    struct str name, password = STR("");
    size_t colon = str_find_byte(text, ':', 0);
    struct err *e;

    for (size_t i = 0; i < text.len; i++)
        if (((uint8_t)text.ptr[i] >= 0x80) ||
            (must_escape((uint8_t)text.ptr[i], MODE_USER) && !strchr(":!'()*%@", text.ptr[i])))
            return err_new(a, ERR_INVALID, "net/url: invalid userinfo");
    u->has_user = true;
    if (TRY(&e, unescape(a, str_slice(text, 0, colon), MODE_USER, &name)) ||
        (colon != SIZE_MAX &&
         TRY(&e, unescape(a, str_skip(text, colon + 1), MODE_USER, &password))))
        return e;
    u->user = escape(a, name, MODE_USER);
    if (colon != SIZE_MAX)
        u->user = str_printf(a, "%.*s:%.*s", STR_ARG(u->user),
                             STR_ARG(escape(a, password, MODE_USER)));
    return NULL;
}

static struct err *parse_authority(struct arena *a, struct str text, struct url *u)
{
    size_t at = str_rfind_byte(text, '@');
    struct err *e;

    if (TRY(&e, parse_host(a, u, at == SIZE_MAX ? text : str_skip(text, at + 1), &u->host)))
        return e;
    return at == SIZE_MAX ? NULL : parse_user(a, str_slice(text, 0, at), u);
}

static void cut_query(struct str *rest, struct url *u)
{
    size_t mark = str_find_byte(*rest, '?', 0);

    u->query = STR("");
    if (mark == SIZE_MAX)
        return;
    u->query = str_skip(*rest, mark + 1);
    u->force_query = u->query.len == 0;
    *rest = str_slice(*rest, 0, mark);
}

/* The path from its escaped form, which is kept where escaping again would give another one. */
static struct err *parse_path(struct arena *a, struct str rest, struct url *u)
{
    struct err *e;

    if (TRY(&e, unescape(a, rest, MODE_PATH, &u->path)))
        return e;
    u->raw_path = str_eq(rest, escape(a, u->path, MODE_PATH)) ? STR("") : rest;
    return NULL;
}

static struct err *parse_hierarchy(struct arena *a, struct str rest, struct url *u)
{
    size_t slash;
    struct err *e;

    if (rest.len == 0 || rest.ptr[0] != '/') {
        if (u->scheme.len > 0) {
            u->opaque = rest;
            return NULL;
        }
        slash = str_find_byte(rest, '/', 0);
        if (str_find_byte(str_slice(rest, 0, slash), ':', 0) != SIZE_MAX)
            return err_new(a, ERR_INVALID, "first path segment in URL cannot contain colon");
    }
    if ((u->scheme.len > 0 || !str_has_prefix(rest, STR("///"))) &&
        str_has_prefix(rest, STR("//"))) {
        struct str authority = str_skip(rest, 2);

        slash = str_find_byte(authority, '/', 0);
        rest = slash == SIZE_MAX ? STR("") : str_skip(authority, slash);
        if (TRY(&e, parse_authority(a, str_slice(authority, 0, slash), u)))
            return e;
    } else if (u->scheme.len > 0) {
        u->omit_host = true;
    }
    return parse_path(a, rest, u);
}

struct err *url_parse(struct arena *a, struct str text, struct url *u)
{
    size_t hash = str_find_byte(text, '#', 0);
    struct str rest = str_slice(text, 0, hash);
    struct err *e;

    *u = (struct url){ .scheme = STR(""),
                       .opaque = STR(""),
                       .host = STR(""),
                       .path = STR(""),
                       .raw_path = STR(""),
                       .query = STR(""),
                       .fragment = STR(""),
                       .user = STR("") };
    for (size_t i = 0; i < rest.len; i++)
        if ((uint8_t)rest.ptr[i] < ' ' || rest.ptr[i] == 0x7F)
            return err_new(a, ERR_INVALID, "net/url: invalid control character in URL");
    if (str_is(rest, "*")) {
        u->path = rest;
    } else {
        if (TRY(&e, take_scheme(a, &rest, &u->scheme)))
            return e;
        cut_query(&rest, u);
        if (TRY(&e, parse_hierarchy(a, rest, u)))
            return e;
    }
    if (hash == SIZE_MAX || hash + 1 == text.len)
        return NULL;
    if (TRY(&e, unescape(a, str_skip(text, hash + 1), MODE_FRAGMENT, &u->fragment)))
        return e;
    return NULL;
}

struct str url_host_name(struct str host)
{
    size_t colon = str_rfind_byte(host, ':');

    if (colon != SIZE_MAX && port_is_fine(str_skip(host, colon)))
        host = str_slice(host, 0, colon);
    if (host.len >= 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
        host = str_slice(host, 1, host.len - 1);
    return host;
}

static bool is_valid_path(struct str path)
{
    for (size_t i = 0; i < path.len; i++)
        if (!strchr("!$&'()*+,;=:@[]%", path.ptr[i]) &&
            must_escape((uint8_t)path.ptr[i], MODE_PATH))
            return false;
    return true;
}

struct str url_escaped_path(struct arena *a, const struct url *u)
{
    struct str plain;

    if (u->raw_path.len > 0 && is_valid_path(u->raw_path) &&
        !unescape(a, u->raw_path, MODE_PATH, &plain) && str_eq(plain, u->path))
        return u->raw_path;
    return str_is(u->path, "*") ? u->path : escape(a, u->path, MODE_PATH);
}

static void put_authority(struct arena *a, struct buf *out, const struct url *u)
{
    bool is_omitted = u->omit_host && u->host.len == 0 && !u->has_user;

    if ((u->scheme.len > 0 || u->host.len > 0 || u->has_user) && !is_omitted &&
        (u->host.len > 0 || u->path.len > 0 || u->has_user))
        buf_lit(out, "//");
    if (u->has_user) {
        buf_put(out, u->user);
        buf_put_byte(out, '@');
    }
    buf_put(out, escape(a, u->host, MODE_HOST));
}

static void put_path(struct arena *a, struct buf *out, const struct url *u)
{
    struct str path = url_escaped_path(a, u);
    size_t slash = str_find_byte(path, '/', 0);

    if (path.len > 0 && path.ptr[0] != '/' && u->host.len > 0)
        buf_put_byte(out, '/');
    if (out->len == 0 && str_find_byte(str_slice(path, 0, slash), ':', 0) != SIZE_MAX)
        buf_lit(out, "./");
    buf_put(out, path);
}

struct str url_format(struct arena *a, const struct url *u)
{
    struct buf out;

    buf_init(&out, a, 0);
    if (u->scheme.len > 0) {
        buf_put(&out, u->scheme);
        buf_put_byte(&out, ':');
    }
    if (u->opaque.len > 0) {
        buf_put(&out, u->opaque);
    } else {
        put_authority(a, &out, u);
        put_path(a, &out, u);
    }
    if (u->query.len > 0 || u->force_query) {
        buf_put_byte(&out, '?');
        buf_put(&out, u->query);
    }
    if (u->fragment.len > 0) {
        buf_put_byte(&out, '#');
        buf_put(&out, escape(a, u->fragment, MODE_FRAGMENT));
    }
    return buf_str(&out);
}

/* Without "." and ".." (RFC 3986, section 5.2.4); begins with "/". */
static struct str without_dots(struct arena *a, struct str path)
{
    struct str part = STR("");
    struct buf out;

    buf_init(&out, a, 0);
    for (struct str rest = path; str_cut(&rest, '/', &part);) {
        if (str_is(part, ".") || (part.len == 0 && part.ptr == path.ptr))
            continue;
        if (str_is(part, "..")) {
            size_t slash = str_rfind_byte(buf_str(&out), '/');

            buf_truncate(&out, slash == SIZE_MAX ? 0 : slash);
            continue;
        }
        buf_put_byte(&out, '/');
        buf_put(&out, part);
    }
    if (out.len == 0 || str_is(part, ".") || str_is(part, ".."))
        buf_put_byte(&out, '/');
    return buf_str(&out);
}

static struct str resolve_path(struct arena *a, struct str base, struct str path)
{
    size_t slash = str_rfind_byte(base, '/');

    if (path.len == 0)
        path = base;
    else if (path.ptr[0] != '/')
        path = str_concat(a, str_slice(base, 0, slash == SIZE_MAX ? 0 : slash + 1), path);
    return path.len > 0 ? without_dots(a, path) : path;
}

struct url url_resolve(struct arena *a, const struct url *base, const struct url *reference)
{
    struct str own = url_escaped_path(a, reference);
    bool has_place = reference->scheme.len > 0 || reference->host.len > 0 || reference->has_user;
    struct url out = *reference;

    if (out.scheme.len == 0)
        out.scheme = base->scheme;
    if (out.opaque.len > 0 && !has_place)
        return out;
    if (!has_place) {
        if (own.len == 0 && !out.force_query && out.query.len == 0) {
            out.query = base->query;
            if (out.fragment.len == 0)
                out.fragment = base->fragment;
        }
        if (own.len == 0 && base->opaque.len > 0) {
            out.opaque = base->opaque;
            return out;
        }
        out.host = base->host;
        out.user = base->user;
        out.has_user = base->has_user;
    }
    own = resolve_path(a, has_place ? STR("") : url_escaped_path(a, base), own);
    struct err *e = parse_path(a, own, &out);
    assert(!e); /* it was escaped above */
    return out;
}

static struct str port_of(const struct url *u)
{
    struct str name = url_host_name(u->host);
    size_t at = (size_t)(name.ptr - u->host.ptr) + name.len;
    struct str port = name.len > 0 ? str_skip(u->host, str_find_byte(u->host, ':', at)) : STR("");

    if (port.len > 1)
        return str_skip(port, 1);
    return str_is(u->scheme, "https")  ? STR("443")
           : str_is(u->scheme, "http") ? STR("80")
                                       : STR("");
}

bool url_is_same_origin(const struct url *a, const struct url *b)
{
    return str_eq_nocase(a->scheme, b->scheme) &&
           str_eq_nocase(url_host_name(a->host), url_host_name(b->host)) &&
           str_eq(port_of(a), port_of(b));
}

struct str url_escape_query(struct arena *a, struct str s)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == ' ')
            buf_put_byte(&out, '+');
        else if (must_escape((uint8_t)s.ptr[i], MODE_QUERY))
            buf_printf(&out, "%%%02X", (uint8_t)s.ptr[i]);
        else
            buf_put_byte(&out, s.ptr[i]);
    }
    return buf_str(&out);
}

struct str url_without_password(struct arena *a, struct str text)
{
    size_t begin = str_find(text, STR("://"), 0), end, at, colon;

    if (begin == SIZE_MAX)
        return text;
    for (begin += 3, end = begin; end < text.len && !strchr("/?#", text.ptr[end]); end++)
        ;
    at = str_rfind_byte(str_slice(text, 0, end), '@');
    colon = str_find_byte(text, ':', begin);
    if (at == SIZE_MAX || at < begin || colon > at)
        return text;
    return str_printf(a, "%.*s:xxxxx%.*s", STR_ARG(str_slice(text, 0, colon)),
                      STR_ARG(str_skip(text, at)));
}
