/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oci/challenge.h"

#include "base/buf.h"
#include "base/sort.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"
#include "core/oci/ip_literal.h"
#include "core/url/url.h"
#include "value/json.h"

#define CLIENT_ID "oras-go" /* what oras, and so Helm and Flux, call themselves */

static bool is_token_char(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c));
}

static struct str take_token(struct str *s)
{
    size_t n = 0;

    while (n < s->len && is_token_char(s->ptr[n]))
        n++;
    struct str token = str_slice(*s, 0, n);
    *s = str_skip(*s, n);
    return token;
}

static void skip_space(struct str *s)
{
    while (s->len > 0 && (s->ptr[0] == ' ' || s->ptr[0] == '\t'))
        *s = str_skip(*s, 1);
}

static bool take_quoted(struct arena *a, struct str *s, struct str *ret)
{
    size_t end = 1;

    while (end < s->len && s->ptr[end] != '"')
        end += s->ptr[end] == '\\' ? 2 : 1;
    if (end >= s->len || !quote_undo(a, str_slice(*s, 0, end + 1), ret))
        return false;
    *s = str_skip(*s, end + 1);
    return true;
}

/* key = token or "text"; false: nothing more can be read. */
static bool take_parameter(struct arena *a, struct str *s, struct str *ret_key,
                           struct str *ret_value)
{
    skip_space(s);
    *ret_key = take_token(s);
    skip_space(s);
    if (ret_key->len == 0 || s->len == 0 || s->ptr[0] != '=')
        return false;
    *s = str_skip(*s, 1);
    skip_space(s);
    if (s->len > 0 && s->ptr[0] == '"')
        return take_quoted(a, s, ret_value);
    *ret_value = take_token(s);
    return ret_value->len > 0;
}

void oci_challenge_parse(struct arena *a, struct str header, struct oci_challenge *ret)
{
    struct str scheme = take_token(&header), key, value;

    *ret = (struct oci_challenge){ .realm = STR(""), .service = STR(""), .scope = STR("") };
    if (str_eq_nocase(scheme, STR("basic")))
        ret->scheme = OCI_SCHEME_BASIC;
    if (!str_eq_nocase(scheme, STR("bearer")))
        return;
    ret->scheme = OCI_SCHEME_BEARER;
    while (take_parameter(a, &header, &key, &value)) {
        if (str_is(key, "realm"))
            ret->realm = value;
        else if (str_is(key, "service"))
            ret->service = value;
        else if (str_is(key, "scope"))
            ret->scope = value;
        skip_space(&header);
        if (header.len == 0 || header.ptr[0] != ',')
            return;
        header = str_skip(header, 1);
    }
}

struct err *oci_realm_check(struct arena *a, struct str realm, struct str registry_url)
{
    struct str shown = quote_go(a, realm), host;
    struct url u, registry;
    struct err *e;

    if (realm.len == 0)
        return NULL;
    if (TRY(&e, url_parse(a, realm, &u)) || TRY(&e, url_parse(a, registry_url, &registry)))
        return err_wrap(a, e, "failed to parse bearer realm %.*s", STR_ARG(shown));
    if (str_is(u.scheme, "http") && str_is(registry.scheme, "https"))
        return err_new(a, ERR_FORBIDDEN,
                       "bearer realm %.*s uses http but registry was contacted over https",
                       STR_ARG(shown));
    if (!str_is(u.scheme, "http") && !str_is(u.scheme, "https"))
        return err_new(a, ERR_FORBIDDEN, "bearer realm %.*s uses unsupported scheme %.*s",
                       STR_ARG(shown), STR_ARG(quote_go(a, u.scheme)));
    host = url_host_name(u.host);
    if (ip_literal_is_internal(host) && !str_eq(host, url_host_name(registry.host)))
        return err_new(a, ERR_FORBIDDEN,
                       "bearer realm host %.*s is a loopback, link-local, private, or unspecified "
                       "address",
                       STR_ARG(quote_go(a, host)));
    return NULL;
}

struct scope {
    struct str resource; /* "repository:charts/web"; the whole of what is not understood */
    VEC(struct str) actions;
};

struct scopes {
    struct scope *items;
    size_t count;
    size_t cap;
};

static bool is_before(const void *x, const void *y)
{
    const struct str *a = x, *b = y;

    return str_cmp(*a, *b) < 0;
}

static void add_scope(struct arena *a, struct scopes *all, struct str text)
{
    size_t first = str_find_byte(text, ':', 0), last = str_rfind_byte(text, ':');
    bool is_known = first != SIZE_MAX && last > first;
    struct str resource = is_known ? str_slice(text, 0, last) : text;
    struct str actions = is_known ? str_skip(text, last + 1) : STR("");
    struct scope *own = NULL;

    if (text.len == 0 || (is_known && actions.len == 0))
        return;
    for (size_t i = 0; i < all->count && !own; i++)
        if (str_eq(all->items[i].resource, resource))
            own = &all->items[i];
    if (!own) {
        own = VEC_PUSH(a, all);
        *own = (struct scope){ .resource = resource };
    }
    for (struct str one; is_known && str_cut(&actions, ',', &one);) {
        bool is_double = one.len == 0;

        for (size_t i = 0; i < own->actions.count; i++)
            is_double = is_double || str_eq(own->actions.items[i], one);
        if (!is_double)
            *VEC_PUSH(a, &own->actions) = one;
    }
}

static struct str format_scope(struct arena *a, struct scope *s)
{
    if (s->actions.count == 0)
        return s->resource;
    for (size_t i = 0; i < s->actions.count; i++)
        if (str_is(s->actions.items[i], "*"))
            return str_concat(a, s->resource, STR(":*"));
    sort_stable(a, s->actions.items, s->actions.count, sizeof *s->actions.items, is_before);
    return str_printf(a, "%.*s:%.*s", STR_ARG(s->resource),
                      STR_ARG(str_join(a, s->actions.items, s->actions.count, STR(","))));
}

struct str oci_scopes(struct arena *a, struct str repository, struct str challenged)
{
    struct scopes all = VEC_INIT;
    struct str *texts;

    if (repository.len > 0)
        add_scope(a, &all, str_printf(a, "repository:%.*s:pull", STR_ARG(repository)));
    for (struct str one; challenged.len > 0 && str_cut(&challenged, ' ', &one);)
        add_scope(a, &all, one);
    texts = ARENA_ARRAY(a, all.count + 1, struct str);
    for (size_t i = 0; i < all.count; i++)
        texts[i] = format_scope(a, &all.items[i]);
    sort_stable(a, texts, all.count, sizeof *texts, is_before);
    return str_join(a, texts, all.count, STR(" "));
}

struct str oci_token_url(struct arena *a, const struct oci_challenge *c, struct str scopes)
{
    bool has_query = str_find_byte(c->realm, '?', 0) != SIZE_MAX;
    struct buf out;

    buf_init(&out, a, 0);
    buf_put(&out, c->realm);
    for (struct str one; scopes.len > 0 && str_cut(&scopes, ' ', &one); has_query = true)
        buf_printf(&out, "%cscope=%.*s", has_query ? '&' : '?', STR_ARG(url_escape_query(a, one)));
    if (c->service.len > 0)
        buf_printf(&out, "%cservice=%.*s", has_query ? '&' : '?',
                   STR_ARG(url_escape_query(a, c->service)));
    return buf_str(&out);
}

static void put_field(struct arena *a, struct buf *out, const char *name, struct str value)
{
    buf_printf(out, "%s%s=", out->len > 0 ? "&" : "", name);
    buf_put(out, url_escape_query(a, value));
}

struct secret oci_token_form(struct arena *a, const struct oci_challenge *c, struct str scopes,
                             const struct oci_credentials *credentials)
{
    bool has_token = secret_is_set(credentials->refresh_token);
    struct secret form;
    struct buf out;

    buf_init(&out, a, 0);
    put_field(a, &out, "client_id", STR(CLIENT_ID));
    put_field(a, &out, "grant_type", has_token ? STR("refresh_token") : STR("password"));
    if (has_token) {
        put_field(a, &out, "refresh_token", secret_reveal(credentials->refresh_token));
    } else {
        put_field(a, &out, "username", credentials->username);
        put_field(a, &out, "password", secret_reveal(credentials->password));
    }
    if (scopes.len > 0)
        put_field(a, &out, "scope", scopes);
    put_field(a, &out, "service", c->service);
    form = secret_new(a, buf_str(&out));
    buf_wipe(&out);
    return form;
}

struct err *oci_token_read(struct arena *a, struct str body, struct str url, struct secret *ret)
{
    const struct val *answer;
    struct str token;
    struct err *e;

    if (TRY(&e, json_read(a, body, STR("token"), JSON_READ_LAST_KEY_WINS, &answer)))
        return err_new(a, ERR_INVALID, "%.*s: failed to decode response: %.*s",
                       STR_ARG(quote_go(a, url)), STR_ARG(err_line(a, e)));
    token = val_get_str(answer, "access_token");
    if (token.len == 0)
        token = val_get_str(answer, "token");
    if (token.len == 0)
        return err_new(a, ERR_INVALID, "%.*s: empty token returned", STR_ARG(quote_go(a, url)));
    *ret = secret_new(a, token);
    return NULL;
}
