/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/oci_http/exchange.h"

#include "base/limits.h"
#include "core/gotmpl/quote.h"
#include "core/oci/challenge.h"
#include "core/oci/registry_error.h"
#include "core/url/url.h"

static struct err *send_once(const struct exchange *x, const struct exchange_request *r,
                             const struct http_credentials *credentials, struct http_answer *ret)
{
    struct http_header headers[2];
    size_t count = 0;

    if (r->accept.len > 0)
        headers[count++] = (struct http_header){ STR("Accept"), r->accept };
    if (r->content_type.len > 0)
        headers[count++] = (struct http_header){ STR("Content-Type"), r->content_type };
    struct http_request request = { .method = r->method,
                                    .url = r->url,
                                    .headers = headers,
                                    .header_count = count,
                                    .body = r->body,
                                    .credentials = *credentials,
                                    .tls = x->remote->tls,
                                    .body_max = r->body_max };

    return x->http->ops->send(x->http->self, x->run, &request, ret);
}

static struct err *named(const struct exchange *x, const struct exchange_request *r,
                         const struct err *e)
{
    return err_wrap(x->run->arena, e, "%s %.*s", r->method,
                    STR_ARG(quote_go(x->run->arena, r->url)));
}

static struct err *ask_token_server(const struct exchange *x, const struct http_request *request,
                                    struct secret *ret)
{
    struct arena *a = x->run->arena;
    struct http_answer answer;
    struct err *e;

    if (TRY(&e, x->http->ops->send(x->http->self, x->run, request, &answer)))
        return e;
    if (answer.status != 200) {
        struct registry_refusal refusal = { request->method, request->url, answer.status,
                                            answer.body };

        return registry_error(a, &refusal);
    }
    return oci_token_read(a, answer.body, request->url, ret);
}

static struct err *buy_token(const struct exchange *x, const struct oci_challenge *c,
                             struct secret *ret)
{
    static const struct http_header form = { STR_INIT("Content-Type"),
                                             STR_INIT("application/x-www-form-urlencoded") };
    const struct oci_credentials *own = &x->remote->credentials;
    struct arena *a = x->run->arena;
    struct str scopes = oci_scopes(a, x->remote->repository.repository, c->scope);
    bool has_password = own->username.len > 0 || secret_is_set(own->password);
    struct http_request request = { .tls = x->remote->tls, .body_max = LIMIT_TOKEN_BYTES };

    if (secret_is_set(own->access_token)) {
        *ret = own->access_token;
        return NULL;
    }
    if (secret_is_set(own->refresh_token) || (has_password && x->remote->prefer_oauth2)) {
        request.method = "POST";
        request.url = c->realm;
        request.headers = &form;
        request.header_count = 1;
        request.body = oci_token_form(a, c, scopes, own);
    } else {
        request.method = "GET";
        request.url = oci_token_url(a, c, scopes);
        if (has_password)
            request.credentials = (struct http_credentials){
                .username = own->username,
                .password = secret_is_set(own->password) ? own->password : secret_new(a, STR(""))
            };
    }
    return ask_token_server(x, &request, ret);
}

static struct err *credentials_for(const struct exchange *x, const struct oci_challenge *c,
                                   struct http_credentials *ret)
{
    const struct oci_credentials *own = &x->remote->credentials;
    struct arena *a = x->run->arena;
    struct err *e;

    *ret = (struct http_credentials){ .username = STR("") };
    if (c->scheme == OCI_SCHEME_BEARER) {
        if (TRY(&e, oci_realm_check(
                        a, c->realm,
                        oci_url(a, &x->remote->repository, x->remote->plain_http, "", STR("")))))
            return e;
        return buy_token(x, c, &ret->token);
    }
    if (!oci_has_credentials(own))
        return err_new(a, ERR_UNAUTHORIZED, "basic credential not found");
    if (own->username.len == 0 || !secret_is_set(own->password))
        return err_new(a, ERR_UNAUTHORIZED, "missing username or password for basic auth");
    ret->username = own->username;
    ret->password = own->password;
    return NULL;
}

/* The answer came from where the request went, so its challenge is the registry's own. */
static bool is_own_answer(const struct exchange *x, const struct exchange_request *r,
                          const struct http_answer *answer)
{
    struct url asked, answered;

    return !url_parse(x->run->arena, r->url, &asked) &&
           !url_parse(x->run->arena, answer->url, &answered) &&
           url_is_same_origin(&asked, &answered);
}

static bool is_at_registry(const struct exchange *x, struct str text)
{
    struct str own = oci_url(x->run->arena, &x->remote->repository, x->remote->plain_http, "",
                             STR(""));
    struct url registry, asked;

    return !url_parse(x->run->arena, own, &registry) && !url_parse(x->run->arena, text, &asked) &&
           url_is_same_origin(&registry, &asked);
}

static void remember(const struct exchange *x, const struct http_credentials *c)
{
    if (!x->remote->pass)
        return;
    x->remote->pass->is_basic = secret_is_set(c->password);
    x->remote->pass->token = c->token;
}

struct err *exchange_send(const struct exchange *x, const struct exchange_request *r,
                          struct http_answer *ret)
{
    const struct oci_credentials *own = &x->remote->credentials;
    struct http_credentials credentials = { .username = STR("") };
    const struct registry_pass *pass = x->remote->pass;
    struct oci_challenge challenge;
    struct err *e;

    /* An upload may go to another host, which its URL alone lets in. */
    if (!is_at_registry(x, r->url))
        return send_once(x, r, &credentials, ret);
    if (pass && pass->is_basic)
        credentials = (struct http_credentials){ own->username, own->password, { NULL } };
    else if (pass)
        credentials.token = pass->token;
    if (TRY(&e, send_once(x, r, &credentials, ret)) || ret->status != 401 ||
        !is_own_answer(x, r, ret))
        return e;
    oci_challenge_parse(x->run->arena, http_answer_header(ret, STR("WWW-Authenticate")),
                        &challenge);
    if (challenge.scheme == OCI_SCHEME_UNKNOWN)
        return NULL;
    if (TRY(&e, credentials_for(x, &challenge, &credentials)))
        return named(x, r, e);
    remember(x, &credentials);
    return send_once(x, r, &credentials, ret);
}
