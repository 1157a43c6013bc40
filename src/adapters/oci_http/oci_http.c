/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/oci_http/oci_http.h"

#include "adapters/oci_http/exchange.h"
#include "adapters/oci_http/push.h"
#include "base/limits.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"
#include "core/oci/registry_error.h"
#include "core/url/url.h"
#include "foreign/digest.h"
#include "value/json.h"

#define ACCEPTED                                                                                   \
    DOCKER_MEDIA_MANIFEST ", " DOCKER_MEDIA_LIST ", " OCI_MEDIA_MANIFEST ", " OCI_MEDIA_INDEX ", " \
                          "application/vnd.oci.artifact.manifest.v1+json"

static struct err *refused(struct arena *a, const struct exchange_request *r,
                           const struct http_answer *answer)
{
    struct registry_refusal refusal = { r->method, answer->url, answer->status, answer->body };

    return registry_error(a, &refusal);
}

static struct err *not_found(struct arena *a, const struct registry_remote *remote,
                             struct str reference)
{
    struct oci_reference r = remote->repository;

    r.reference = reference;
    r.is_digest = oci_is_digest(reference);
    return err_new(a, ERR_NOT_FOUND, "%.*s: not found", STR_ARG(oci_reference_format(a, &r)));
}

static struct err *ping(void *self, struct run *r, const struct registry_remote *remote)
{
    struct exchange x = { self, r, remote };
    struct exchange_request request = {
        .method = "GET",
        .url = str_printf(r->arena, "%s://%.*s/v2/", remote->plain_http ? "http" : "https",
                          STR_ARG(oci_registry_host(remote->repository.registry))),
        .body_max = LIMIT_OCI_DOCUMENT_BYTES
    };
    struct http_answer answer;
    struct err *e;

    if (TRY(&e, exchange_send(&x, &request, &answer)))
        return e;
    if (answer.status == 404)
        return err_new(r->arena, ERR_NOT_FOUND, "\"%.*s\": not found", STR_ARG(request.url));
    return answer.status == 200 ? NULL : refused(r->arena, &request, &answer);
}

/* <next page>; rel="next"; false: this was the last one. It stays at the registry. */
static bool next_page(struct arena *a, const struct http_answer *answer, struct str *ret)
{
    struct str link = http_answer_header(answer, STR("Link"));
    size_t end = str_find_byte(link, '>', 0);
    struct url base, reference, next;

    if (!str_has_prefix(link, STR("<")) || end == SIZE_MAX || url_parse(a, answer->url, &base) ||
        url_parse(a, str_slice(link, 1, end), &reference))
        return false;
    next = url_resolve(a, &base, &reference);
    *ret = url_format(a, &next);
    return url_is_same_origin(&base, &next);
}

static struct err *take_tags(struct arena *a, const struct http_answer *answer,
                             struct registry_tags *into)
{
    const struct val *page;
    struct err *e;

    if (TRY(&e, json_read(a, answer->body, answer->url, JSON_READ_LAST_KEY_WINS, &page)))
        return err_wrap(a, e, "failed to decode response");
    const struct val *tags = val_get(page, STR("tags"));
    for (size_t i = 0; val_is(tags, VAL_SEQ) && i < tags->count; i++) {
        if (into->count >= LIMIT_OCI_TAGS)
            return err_new(a, ERR_TOO_LARGE, "%.*s: more than %u tags",
                           STR_ARG(quote_go(a, answer->url)), LIMIT_OCI_TAGS);
        *VEC_PUSH(a, into) = val_str(tags->items[i]);
    }
    return NULL;
}

static struct err *tags(void *self, struct run *r, const struct registry_remote *remote,
                        struct registry_tags *ret)
{
    struct exchange x = { self, r, remote };
    struct exchange_request request = { .method = "GET",
                                        .url = oci_url(r->arena, &remote->repository,
                                                       remote->plain_http, "tags", STR("list")),
                                        .body_max = LIMIT_OCI_DOCUMENT_BYTES };
    struct registry_tags all = VEC_INIT;
    struct http_answer answer;
    struct err *e;

    for (unsigned page = 0; page < LIMIT_OCI_TAG_PAGES; page++) {
        if (TRY(&e, exchange_send(&x, &request, &answer)))
            return e;
        if (answer.status != 200)
            return refused(r->arena, &request, &answer);
        if (TRY(&e, take_tags(r->arena, &answer, &all)))
            return e;
        if (next_page(r->arena, &answer, &request.url))
            continue;
        *ret = all;
        return NULL;
    }
    return err_new(r->arena, ERR_TOO_LARGE, "%.*s: more than %u pages of tags",
                   STR_ARG(quote_go(r->arena, request.url)), LIMIT_OCI_TAG_PAGES);
}

static struct err *ask_manifest(const struct exchange *x, const char *method, struct str reference,
                                struct http_answer *ret)
{
    struct arena *a = x->run->arena;
    struct exchange_request request = {
        .method = method,
        .url = oci_url(a, &x->remote->repository, x->remote->plain_http, "manifests", reference),
        .accept = STR(ACCEPTED),
        .body_max = LIMIT_OCI_DOCUMENT_BYTES
    };
    struct err *e;

    if (TRY(&e, exchange_send(x, &request, ret)))
        return e;
    if (ret->status == 404)
        return not_found(a, x->remote, reference);
    return ret->status == 200 ? NULL : refused(a, &request, ret);
}

static struct err *manifest(void *self, struct run *r, const struct registry_remote *remote,
                            struct str reference, struct registry_document *ret)
{
    struct exchange x = { self, r, remote };
    struct http_answer answer;
    struct err *e;

    if (TRY(&e, ask_manifest(&x, "GET", reference, &answer)))
        return e;
    if (oci_is_digest(reference) && !oci_digest_matches(reference, answer.body))
        return err_new(r->arena, ERR_INVALID,
                       "GET %.*s: the manifest is not the one with digest %.*s",
                       STR_ARG(quote_go(r->arena, answer.url)), STR_ARG(reference));
    struct str type = http_answer_header(&answer, STR("Content-Type"));
    struct str hex = digest_hex(r->arena, DIGEST_SHA256, answer.body);
    *ret = (struct registry_document){
        .media_type = str_trim(str_slice(type, 0, str_find_byte(type, ';', 0))),
        .digest = oci_is_digest(reference) ? reference : str_concat(r->arena, STR("sha256:"), hex),
        .bytes = answer.body
    };
    return NULL;
}

static struct err *resolve(void *self, struct run *r, const struct registry_remote *remote,
                           struct str reference, struct str *ret_digest)
{
    struct exchange x = { self, r, remote };
    struct registry_document document;
    struct http_answer answer;
    struct err *e;

    if (TRY(&e, ask_manifest(&x, "HEAD", reference, &answer)))
        return e;
    *ret_digest = http_answer_header(&answer, STR("Docker-Content-Digest"));
    if (oci_is_digest(*ret_digest))
        return NULL;
    if (TRY(&e, manifest(self, r, remote, reference, &document))) /* one that says no digest */
        return e;
    *ret_digest = document.digest;
    return NULL;
}

static struct err *blob(void *self, struct run *r, const struct registry_remote *remote,
                        const struct oci_descriptor *descriptor, size_t max, struct str *ret)
{
    struct exchange x = { self, r, remote };
    struct exchange_request request = { .method = "GET",
                                        .url = oci_url(r->arena, &remote->repository,
                                                       remote->plain_http, "blobs",
                                                       descriptor->digest),
                                        .body_max = max };
    struct http_answer answer;
    struct err *e;

    if (descriptor->size > max)
        return err_new(r->arena, ERR_TOO_LARGE, "%.*s has %llu bytes; the limit is %zu",
                       STR_ARG(descriptor->digest), (unsigned long long)descriptor->size, max);
    if (TRY(&e, exchange_send(&x, &request, &answer)))
        return e;
    if (answer.status == 404)
        return err_new(r->arena, ERR_NOT_FOUND, "%.*s: not found", STR_ARG(descriptor->digest));
    if (answer.status != 200)
        return refused(r->arena, &request, &answer);
    if (answer.body.len != descriptor->size)
        return err_new(r->arena, ERR_INVALID, "GET %.*s: %zu bytes came where %llu were expected",
                       STR_ARG(quote_go(r->arena, request.url)), answer.body.len,
                       (unsigned long long)descriptor->size);
    if (!oci_digest_matches(descriptor->digest, answer.body))
        return err_new(r->arena, ERR_INVALID, "GET %.*s: the bytes do not have that digest",
                       STR_ARG(quote_go(r->arena, request.url)));
    *ret = answer.body;
    return NULL;
}

struct registry oci_http_port(const struct http *http)
{
    static const struct registry_ops ops = { .ping = ping,
                                             .tags = tags,
                                             .resolve = resolve,
                                             .manifest = manifest,
                                             .blob = blob,
                                             .push_blob = oci_push_blob,
                                             .push_manifest = oci_push_manifest };

    return (struct registry){ .ops = &ops, .self = (void *)(uintptr_t)http };
}
