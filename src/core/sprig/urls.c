/* SPDX-License-Identifier: Apache-2.0 */
/* urlParse and urlJoin: net/url of Go 1.26. */
#include "core/gotmpl/quote.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "foreign/utf8.h"

enum mode { MODE_PATH, MODE_USER, MODE_HOST, MODE_FRAGMENT };

struct url {
    struct str scheme, opaque, host, path, query, fragment,
        user; /* user: escaped again, with its password */
    struct str raw_path, raw_fragment;
    bool has_user, force_query, omit_host;
};

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
                                   : mode == MODE_HOST;
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
static struct err *unescape(struct call *c, struct str s, enum mode mode, struct str *ret)
{
    struct buf out;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < s.len; i++) {
        uint8_t b = (uint8_t)s.ptr[i];

        if (b == '%') {
            int high = hex(s, i + 1), low = hex(s, i + 2);

            if (high < 0 || low < 0 || (mode == MODE_HOST && high < 8 && !(high == 2 && low == 5)))
                return call_fail(c, "invalid URL escape %.*s",
                                 STR_ARG(quote_go(c->arena, str_slice(s, i, i + 3))));
            b = (uint8_t)(high << 4 | low);
            i += 2;
        } else if (mode == MODE_HOST && b < 0x80 && must_escape(b, mode)) {
            return call_fail(c, "invalid character %.*s in host name",
                             STR_ARG(quote_go(c->arena, str_slice(s, i, i + 1))));
        }
        buf_put_byte(&out, (char)b);
    }
    *ret = out.len ? buf_str(&out) : STR("");
    return NULL;
}

static struct err *take_scheme(struct call *c, struct str *rest, struct str *ret)
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
            return call_fail(c, "missing protocol scheme");
        *ret = str_lower(c->arena, str_slice(*rest, 0, i));
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

static struct err *bad_port(struct call *c, struct str port)
{
    return call_fail(c, "invalid port %.*s after host", STR_ARG(quote_go(c->arena, port)));
}

static struct err *parse_host(struct call *c, const struct url *u, struct str host, struct str *ret)
{
    size_t open = str_rfind_byte(host, '['), close, colon;

    if (open != SIZE_MAX && open > 0)
        return call_fail(c, "invalid IP-literal");
    if (open == 0) {
        close = str_rfind_byte(host, ']');
        if (close == SIZE_MAX)
            return call_fail(c, "missing ']' in host");
        if (!port_is_fine(str_skip(host, close + 1)))
            return bad_port(c, str_skip(host, close + 1));
        if (str_find_byte(str_slice(host, 0, close), ':', 0) == SIZE_MAX)
            return call_fail(c, "invalid IP-literal");
    } else {
        colon = str_find_byte(host, ':', 0);
        if (!str_is(u->scheme, "http") && !str_is(u->scheme, "https"))
            colon = str_rfind_byte(host, ':');
        if (colon != SIZE_MAX && !port_is_fine(str_skip(host, colon)))
            return bad_port(c, str_skip(host, colon));
    }
    return unescape(c, host, MODE_HOST, ret);
}

static struct err *parse_user(struct call *c, struct str text, struct url *u)
{
    struct str name, password = STR("");
    size_t colon = str_find_byte(text, ':', 0);
    struct err *e;

    for (size_t i = 0; i < text.len; i++)
        if (((uint8_t)text.ptr[i] >= 0x80) ||
            (must_escape((uint8_t)text.ptr[i], MODE_USER) && !strchr(":!'()*%@", text.ptr[i])))
            return call_fail(c, "net/url: invalid userinfo");
    u->has_user = true;
    if (TRY(&e, unescape(c, str_slice(text, 0, colon), MODE_USER, &name)) ||
        (colon != SIZE_MAX &&
         TRY(&e, unescape(c, str_skip(text, colon + 1), MODE_USER, &password))))
        return e;
    u->user = escape(c->arena, name, MODE_USER);
    if (colon != SIZE_MAX)
        u->user = str_printf(c->arena, "%.*s:%.*s", STR_ARG(u->user),
                             STR_ARG(escape(c->arena, password, MODE_USER)));
    return NULL;
}

static struct err *parse_authority(struct call *c, struct str text, struct url *u)
{
    size_t at = str_rfind_byte(text, '@');
    struct err *e;

    if (TRY(&e, parse_host(c, u, at == SIZE_MAX ? text : str_skip(text, at + 1), &u->host)))
        return e;
    return at == SIZE_MAX ? NULL : parse_user(c, str_slice(text, 0, at), u);
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

static struct err *parse_path(struct call *c, struct str rest, struct url *u)
{
    struct err *e;

    if (TRY(&e, unescape(c, rest, MODE_PATH, &u->path)))
        return e;
    if (!str_eq(rest, escape(c->arena, u->path, MODE_PATH)))
        u->raw_path = rest;
    return NULL;
}

static struct err *parse_hierarchy(struct call *c, struct str rest, struct url *u)
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
            return call_fail(c, "first path segment in URL cannot contain colon");
    }
    if ((u->scheme.len > 0 || !str_has_prefix(rest, STR("///"))) &&
        str_has_prefix(rest, STR("//"))) {
        struct str authority = str_skip(rest, 2);

        slash = str_find_byte(authority, '/', 0);
        rest = slash == SIZE_MAX ? STR("") : str_skip(authority, slash);
        if (TRY(&e, parse_authority(c, str_slice(authority, 0, slash), u)))
            return e;
    } else if (u->scheme.len > 0) {
        u->omit_host = true;
    }
    return parse_path(c, rest, u);
}

static struct err *parse(struct call *c, struct str text, struct url *u)
{
    size_t hash = str_find_byte(text, '#', 0);
    struct str rest = str_slice(text, 0, hash);
    struct err *e;

    *u = (struct url){ .scheme = STR(""),
                       .opaque = STR(""),
                       .host = STR(""),
                       .path = STR(""),
                       .query = STR(""),
                       .fragment = STR(""),
                       .user = STR("") };
    for (size_t i = 0; i < rest.len; i++)
        if ((uint8_t)rest.ptr[i] < ' ' || rest.ptr[i] == 0x7F)
            return call_fail(c, "net/url: invalid control character in URL");
    if (str_is(rest, "*")) {
        u->path = rest;
    } else {
        if (TRY(&e, take_scheme(c, &rest, &u->scheme)))
            return e;
        cut_query(&rest, u);
        if (TRY(&e, parse_hierarchy(c, rest, u)))
            return e;
    }
    if (hash == SIZE_MAX || hash + 1 == text.len)
        return NULL;
    if (TRY(&e, unescape(c, str_skip(text, hash + 1), MODE_FRAGMENT, &u->fragment)))
        return e;
    return NULL;
}

static struct str host_name(struct str host)
{
    size_t colon = str_rfind_byte(host, ':');

    if (colon != SIZE_MAX && port_is_fine(str_skip(host, colon)))
        host = str_slice(host, 0, colon);
    if (host.len >= 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
        host = str_slice(host, 1, host.len - 1);
    return host;
}

struct err *sprig_url_parse(struct call *c, struct go_value *ret)
{
    struct str text = c->args[0].text;
    struct url u;
    struct err *e = parse(c, text, &u);

    if (e)
        return call_fail(
            c, "unable to parse url: parse %.*s: %.*s",
            STR_ARG(quote_go(c->arena, str_slice(text, 0, str_find_byte(text, '#', 0)))),
            STR_ARG(e->msg));
    *ret = go_map_new(c->arena, GO_MAP);
    go_map_set(ret->map, STR("scheme"), go_string(u.scheme));
    go_map_set(ret->map, STR("host"), go_string(u.host));
    go_map_set(ret->map, STR("hostname"), go_string(host_name(u.host)));
    go_map_set(ret->map, STR("path"), go_string(u.path));
    go_map_set(ret->map, STR("query"), go_string(u.query));
    go_map_set(ret->map, STR("opaque"), go_string(u.opaque));
    go_map_set(ret->map, STR("fragment"), go_string(u.fragment));
    go_map_set(ret->map, STR("userinfo"), go_string(u.user));
    return NULL;
}

/* URL.String of a URL that was put together, so without raw forms. */
static void put_url(struct arena *a, struct buf *out, const struct url *u)
{
    struct str path = str_is(u->path, "*") ? u->path : escape(a, u->path, MODE_PATH);
    size_t slash;

    if (u->scheme.len > 0) {
        buf_put(out, u->scheme);
        buf_put_byte(out, ':');
    }
    if (u->opaque.len > 0) {
        buf_put(out, u->opaque);
    } else {
        if ((u->scheme.len > 0 || u->host.len > 0 || u->has_user) &&
            (u->host.len > 0 || u->path.len > 0 || u->has_user))
            buf_lit(out, "//");
        if (u->has_user) {
            buf_put(out, u->user);
            buf_put_byte(out, '@');
        }
        buf_put(out, escape(a, u->host, MODE_HOST));
        if (path.len > 0 && path.ptr[0] != '/' && u->host.len > 0)
            buf_put_byte(out, '/');
        slash = str_find_byte(path, '/', 0);
        if (out->len == 0 && str_find_byte(str_slice(path, 0, slash), ':', 0) != SIZE_MAX)
            buf_lit(out, "./");
        buf_put(out, path);
    }
    if (u->query.len > 0) {
        buf_put_byte(out, '?');
        buf_put(out, u->query);
    }
    if (u->fragment.len > 0) {
        buf_put_byte(out, '#');
        buf_put(out, escape(a, u->fragment, MODE_FRAGMENT));
    }
}

static struct err *part_of(struct call *c, const char *key, struct str *ret)
{
    struct go_value v;

    *ret = STR("");
    if (!go_map_find(c->args[0].map, GO_MAP, str_from_cstr(key), &v))
        return NULL;
    if (v.type <= GO_NIL)
        return call_nil(c);
    if (v.type != GO_STRING)
        return call_fail(c, "unable to parse %s key, must be of type string, but %s found", key,
                         go_kind_name(go_kind(&v)));
    *ret = v.text;
    return NULL;
}

struct err *sprig_url_join(struct call *c, struct go_value *ret)
{
    struct url u = { 0 }, with_user;
    struct str user;
    struct buf out;
    struct err *e;

    if (TRY(&e, part_of(c, "scheme", &u.scheme)) || TRY(&e, part_of(c, "host", &u.host)) ||
        TRY(&e, part_of(c, "path", &u.path)) || TRY(&e, part_of(c, "query", &u.query)) ||
        TRY(&e, part_of(c, "opaque", &u.opaque)) || TRY(&e, part_of(c, "fragment", &u.fragment)) ||
        TRY(&e, part_of(c, "userinfo", &user)))
        return e;
    if (user.len > 0) {
        struct str text = str_printf(c->arena, "proto://%.*s@host", STR_ARG(user));

        e = parse(c, text, &with_user);
        if (e)
            return call_fail(c, "unable to parse userinfo in dict: parse %.*s: %.*s",
                             STR_ARG(quote_go(c->arena, text)), STR_ARG(e->msg));
        u.user = with_user.user;
        u.has_user = with_user.has_user;
    }
    call_text(c, &out);
    put_url(c->arena, &out, &u);
    return call_finish(c, &out, ret);
}
