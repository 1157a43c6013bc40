/* SPDX-License-Identifier: Apache-2.0 */
/* urlParse and urlJoin: net/url of Go 1.26. */
#include "core/gotmpl/quote.h"
#include "core/sprig/argument.h"
#include "core/sprig/implementations.h"
#include "core/url/url.h"

struct err *sprig_url_parse(struct call *c, struct go_value *ret)
{
    struct str text = c->args[0].text;
    struct url u;
    struct err *e = url_parse(c->arena, text, &u);

    if (e)
        return call_fail(
            c, "unable to parse url: parse %.*s: %.*s",
            STR_ARG(quote_go(c->arena, str_slice(text, 0, str_find_byte(text, '#', 0)))),
            STR_ARG(e->msg));
    *ret = go_map_new(c->arena, GO_MAP);
    go_map_set(ret->map, STR("scheme"), go_string(u.scheme));
    go_map_set(ret->map, STR("host"), go_string(u.host));
    go_map_set(ret->map, STR("hostname"), go_string(url_host_name(u.host)));
    go_map_set(ret->map, STR("path"), go_string(u.path));
    go_map_set(ret->map, STR("query"), go_string(u.query));
    go_map_set(ret->map, STR("opaque"), go_string(u.opaque));
    go_map_set(ret->map, STR("fragment"), go_string(u.fragment));
    go_map_set(ret->map, STR("userinfo"), go_string(u.user));
    return NULL;
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

        e = url_parse(c->arena, text, &with_user);
        if (e)
            return call_fail(c, "unable to parse userinfo in dict: parse %.*s: %.*s",
                             STR_ARG(quote_go(c->arena, text)), STR_ARG(e->msg));
        u.user = with_user.user;
        u.has_user = with_user.has_user;
    }
    call_text(c, &out);
    buf_put(&out, url_format(c->arena, &u));
    return call_finish(c, &out, ret);
}
