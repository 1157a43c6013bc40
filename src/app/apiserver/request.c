/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/request.h"

#include "base/buf.h"
#include "base/vec.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* A malformed escape stays as it is. */
static struct str query_decode(struct arena *a, struct str s)
{
    struct buf b;

    if (str_find_byte(s, '%', 0) == SIZE_MAX && str_find_byte(s, '+', 0) == SIZE_MAX)
        return s;
    buf_init(&b, a, 0);
    for (size_t i = 0; i < s.len; i++) {
        int high = i + 2 < s.len && s.ptr[i] == '%' ? hex_digit(s.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(s.ptr[i + 2]) : -1;

        if (low >= 0) {
            buf_put_byte(&b, (char)(high * 16 + low));
            i += 2;
        } else {
            buf_put_byte(&b, s.ptr[i] == '+' ? ' ' : s.ptr[i]);
        }
    }
    return buf_str(&b);
}

struct query query_parse(struct arena *a, struct str text)
{
    struct query q = { 0 };

    for (struct str part, rest = text; text.len && str_cut(&rest, '&', &part);) {
        struct query_item *item;
        struct str key;

        if (!part.len)
            continue;
        (void)str_cut(&part, '=', &key);
        item = VEC_PUSH(a, &q);
        item->key = query_decode(a, key);
        item->value = query_decode(a, part);
    }
    return q;
}

struct str query_get(const struct query *q, const char *key)
{
    struct str k = str_from_cstr(key);

    for (size_t i = 0; i < q->count; i++)
        if (str_eq(q->items[i].key, k))
            return q->items[i].value;
    return STR("");
}

bool query_has(const struct query *q, const char *key)
{
    struct str k = str_from_cstr(key);

    for (size_t i = 0; i < q->count; i++)
        if (str_eq(q->items[i].key, k))
            return true;
    return false;
}

bool query_bool(const struct query *q, const char *key)
{
    struct str v = query_get(q, key);

    return query_has(q, key) && !str_is(v, "0") && !str_is(v, "f") && !str_is(v, "F") &&
           !str_eq_nocase(v, STR("false"));
}

/* ---- paths ---- */

enum { SEGMENTS_MAX = 12 };

struct segments {
    struct str items[SEGMENTS_MAX];
    size_t count;
    bool too_many;
};

static struct segments split(struct str path)
{
    struct segments s = { 0 };

    for (struct str part, rest = path; str_cut(&rest, '/', &part);) {
        if (!part.len)
            continue;
        if (s.count == SEGMENTS_MAX) {
            s.too_many = true;
            break;
        }
        s.items[s.count++] = part;
    }
    return s;
}

static struct str at(const struct segments *s, size_t i)
{
    return i < s->count ? s->items[i] : STR("");
}

/* "namespaces/NAME/status" and "finalize" are subresources; any other third word is a resource. */
static bool namespace_is_resource(const struct segments *s, size_t i)
{
    struct str word = at(s, i + 2);

    return s->count <= i + 2 || str_is(word, "status") || str_is(word, "finalize");
}

static void route_resource(struct route *r, const struct segments *s, size_t i)
{
    r->kind = ROUTE_RESOURCE;
    if (str_is(at(s, i), "namespaces") && s->count > i + 1) {
        r->ns = at(s, i + 1);
        if (!namespace_is_resource(s, i))
            i += 2;
    }
    r->plural = at(s, i);
    r->name = at(s, i + 1);
    r->subresource = at(s, i + 2);
    if (s->count > i + 3) {
        const struct str *last = &s->items[s->count - 1];

        r->rest = str_of(s->items[i + 3].ptr,
                         (size_t)(last->ptr + last->len - s->items[i + 3].ptr));
    }
    r->too_long = s->too_many || s->count > i + 3;
}

static void route_api(struct route *r, const struct segments *s, size_t first)
{
    r->version = at(s, first);
    if (s->count == first + 1)
        r->kind = ROUTE_GROUP_VERSION;
    else
        route_resource(r, s, first + 1);
}

static void route_openapi(struct route *r, const struct segments *s)
{
    if (str_is(at(s, 1), "v2") && s->count == 2) {
        r->kind = ROUTE_OPENAPI_V2;
    } else if (str_is(at(s, 1), "v3")) {
        if (s->count == 2) {
            r->kind = ROUTE_OPENAPI_INDEX;
        } else if (str_is(at(s, 2), "api") && s->count == 4) {
            r->kind = ROUTE_OPENAPI_GROUP_VERSION;
            r->version = at(s, 3);
        } else if (str_is(at(s, 2), "apis") && s->count == 5) {
            r->kind = ROUTE_OPENAPI_GROUP_VERSION;
            r->group = at(s, 3);
            r->version = at(s, 4);
        }
    }
}

struct route route_parse(struct str path)
{
    struct segments s = split(path);
    struct route r = { .kind = ROUTE_NONE };
    struct str first = at(&s, 0);

    if (s.count == 0) {
        r.kind = ROUTE_ROOT;
    } else if (str_is(first, "healthz") || str_is(first, "livez") || str_is(first, "readyz")) {
        r.kind = ROUTE_HEALTH;
        r.name = first;
        r.rest = at(&s, 1);
    } else if (str_is(first, "version") && s.count == 1) {
        r.kind = ROUTE_VERSION;
    } else if (str_is(first, "openapi")) {
        route_openapi(&r, &s);
    } else if (str_is(first, "api")) {
        r.kind = ROUTE_API;
        if (s.count > 1)
            route_api(&r, &s, 1);
    } else if (str_is(first, "apis")) {
        r.kind = s.count == 1 ? ROUTE_APIS : ROUTE_GROUP;
        r.group = at(&s, 1);
        if (s.count > 2)
            route_api(&r, &s, 2);
    }
    return r;
}

struct str route_verb(const struct route *route, struct str method, const struct query *q)
{
    bool resource = route->kind == ROUTE_RESOURCE;

    if (str_is(method, "POST"))
        return resource ? STR("create") : STR("post");
    if (str_is(method, "PUT"))
        return resource ? STR("update") : STR("put");
    if (str_is(method, "PATCH"))
        return STR("patch");
    if (str_is(method, "DELETE"))
        return resource && !route->name.len ? STR("deletecollection") : STR("delete");
    if (str_is(method, "GET") || str_is(method, "HEAD")) {
        if (!resource || route->name.len)
            return STR("get");
        return query_bool(q, "watch") ? STR("watch") : STR("list");
    }
    return resource ? STR("") : str_is(method, "OPTIONS") ? STR("options") : STR("");
}
