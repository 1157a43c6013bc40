/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charts/work.h"
#include "base/limits.h"

struct fetch_access fetch_access_of_request(const struct work *w, struct str origin)
{
    const struct chart_access *own = &w->request->access;

    return (struct fetch_access){ .origin = origin,
                                  .username = own->username,
                                  .password = own->password,
                                  .ca_file = own->ca_file,
                                  .cert_file = own->cert_file,
                                  .key_file = own->key_file,
                                  .pass_credentials = own->pass_credentials,
                                  .skip_verify = own->skip_verify };
}

struct fetch_access fetch_access_of_repository(const struct helm_repository *r)
{
    return (struct fetch_access){ .origin = r->url,
                                  .username = r->username,
                                  .password = r->password,
                                  .ca_file = r->ca_file,
                                  .cert_file = r->cert_file,
                                  .key_file = r->key_file,
                                  .pass_credentials = r->pass_credentials,
                                  .skip_verify = r->skip_verify };
}

static struct err *read_pem(const struct work *w, struct str path, const char *what,
                            struct str *ret)
{
    const struct files *files = &w->tools->files;
    struct err *e = NULL;

    *ret = STR("");
    if (path.len > 0)
        e = files->ops->read(files->self, w->arena, path, LIMIT_CONFIG_FILE_BYTES, ret);
    return e ? err_wrap(w->arena, e, "can't create TLS config for client: unable to read %s file",
                        what)
             : NULL;
}

struct err *fetch_tls(const struct work *w, const struct fetch_access *access, struct http_tls *ret)
{
    bool has_pair = access->cert_file.len > 0 && access->key_file.len > 0;
    struct str key = STR("");
    struct err *e;

    *ret = (struct http_tls){ .skip_verify = access->skip_verify, .certificate = STR("") };
    if (TRY(&e, read_pem(w, access->ca_file, "CA", &ret->ca)) ||
        (has_pair && (TRY(&e, read_pem(w, access->cert_file, "cert", &ret->certificate)) ||
                      TRY(&e, read_pem(w, access->key_file, "key", &key)))))
        return e;
    if (key.len > 0)
        ret->key = secret_new(w->arena, key);
    return NULL;
}

/* They are for the repository; another service, also one at another port, gets them only where that is wanted. */
static bool may_have_credentials(const struct work *w, const struct fetch_access *access,
                                 struct str url)
{
    struct url origin, own;

    if (access->username.len == 0 || !secret_is_set(access->password))
        return false;
    return access->pass_credentials ||
           (!url_parse(w->arena, access->origin, &origin) && !url_parse(w->arena, url, &own) &&
            str_eq(origin.scheme, own.scheme) && str_eq(origin.host, own.host));
}

static enum err_code code_of(int status)
{
    if (status == 401)
        return ERR_UNAUTHORIZED;
    if (status == 403)
        return ERR_FORBIDDEN;
    return status == 404 ? ERR_NOT_FOUND : ERR_UNAVAILABLE;
}

struct err *fetch_document(const struct work *w, const struct fetch_access *access, struct str url,
                           size_t max, struct str *ret)
{
    struct http_header accept = { STR("Accept"), STR("application/gzip,application/octet-stream") };
    struct http_request request = { .url = url, .body_max = max };
    const struct http *http = &w->tools->http;
    struct http_answer answer;
    struct err *e;

    if (str_has_suffix(url, STR(".tgz"))) {
        request.headers = &accept;
        request.header_count = 1;
    }
    if (TRY(&e, fetch_tls(w, access, &request.tls)))
        return e;
    if (may_have_credentials(w, access, url))
        request.credentials = (struct http_credentials){ .username = access->username,
                                                         .password = access->password };
    if (TRY(&e, http->ops->send(http->self, w->run, &request, &answer)))
        return e;
    if (answer.status != 200)
        return err_new(w->arena, code_of(answer.status), "failed to fetch %.*s : %d %.*s",
                       STR_ARG(url_without_password(w->arena, url)), answer.status,
                       STR_ARG(answer.reason));
    *ret = answer.body;
    return NULL;
}
