/* SPDX-License-Identifier: Apache-2.0 */
/* Writing to a registry: a blob in two steps (a place for it, then the bytes), a manifest in one. */
#include "adapters/oci_http/push.h"

#include "adapters/oci_http/exchange.h"
#include "base/limits.h"
#include "core/gotmpl/quote.h"
#include "core/oci/registry_error.h"
#include "core/url/url.h"

static struct err *refused(struct arena *a, const struct exchange_request *r,
                           const struct http_answer *answer)
{
    struct registry_refusal refusal = { r->method, answer->url, answer->status, answer->body };

    return registry_error(a, &refusal);
}

/* A request with a body; the status that means success is one alone. */
static struct err *write_to(const struct exchange *x, struct exchange_request *request, int want,
                            struct http_answer *ret)
{
    struct err *e;

    request->body_max = LIMIT_OCI_DOCUMENT_BYTES;
    if (TRY(&e, exchange_send(x, request, ret)))
        return e;
    return ret->status == want ? NULL : refused(x->run->arena, request, ret);
}

static struct err *has_blob(const struct exchange *x, struct str digest, bool *ret)
{
    struct exchange_request request = { .method = "HEAD",
                                        .url = oci_url(x->run->arena, &x->remote->repository,
                                                       x->remote->plain_http, "blobs", digest),
                                        .body_max = LIMIT_OCI_DOCUMENT_BYTES };
    struct http_answer answer;
    struct err *e;

    if (TRY(&e, exchange_send(x, &request, &answer)))
        return e;
    *ret = answer.status == 200;
    return NULL; /* whatever else it said, the upload will say why */
}

/* Where the bytes go, with the digest they must have. */
static struct err *upload_url(const struct exchange *x, const struct http_answer *answer,
                              struct str digest, struct str *ret)
{
    struct str location = http_answer_header(answer, STR("Location"));
    struct arena *a = x->run->arena;
    struct url base, reference, full;
    struct str text;

    if (location.len == 0 || url_parse(a, answer->url, &base) || url_parse(a, location, &reference))
        return err_new(a, ERR_INVALID, "POST %.*s: the registry names no place for the upload",
                       STR_ARG(quote_go(a, answer->url)));
    full = url_resolve(a, &base, &reference);
    text = url_format(a, &full);
    *ret = str_printf(a, "%.*s%cdigest=%.*s", STR_ARG(text),
                      str_find_byte(text, '?', 0) == SIZE_MAX ? '?' : '&', STR_ARG(digest));
    return NULL;
}

struct err *oci_push_blob(void *self, struct run *r, const struct registry_remote *remote,
                          const struct oci_descriptor *descriptor, struct str bytes)
{
    struct exchange x = { self, r, remote };
    struct exchange_request begin = {
        .method = "POST",
        .url = oci_url(r->arena, &remote->repository, remote->plain_http, "blobs", STR("uploads/"))
    };
    struct exchange_request put = { .method = "PUT",
                                    .content_type = STR("application/octet-stream"),
                                    .body = secret_new(r->arena, bytes) };
    struct http_answer answer;
    bool is_there;
    struct err *e;

    if (TRY(&e, has_blob(&x, descriptor->digest, &is_there)) || is_there)
        return e;
    if (TRY(&e, write_to(&x, &begin, 202, &answer)) ||
        TRY(&e, upload_url(&x, &answer, descriptor->digest, &put.url)))
        return e;
    return write_to(&x, &put, 201, &answer);
}

struct err *oci_push_manifest(void *self, struct run *r, const struct registry_remote *remote,
                              struct str reference, struct str bytes)
{
    struct exchange x = { self, r, remote };
    struct exchange_request put = { .method = "PUT",
                                    .url = oci_url(r->arena, &remote->repository,
                                                   remote->plain_http, "manifests", reference),
                                    .content_type = STR(OCI_MEDIA_MANIFEST),
                                    .body = secret_new(r->arena, bytes) };
    struct http_answer answer;

    return write_to(&x, &put, 201, &answer);
}
