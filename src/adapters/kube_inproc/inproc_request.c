/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_inproc/inproc_state.h"
#include "base/buf.h"
#include "base/version.h"
#include "value/json.h"

static enum err_code code_of(int http, struct str reason)
{
    if (str_is(reason, "AlreadyExists"))
        return ERR_ALREADY_EXISTS;
    switch (http) {
    case 401:
        return ERR_UNAUTHORIZED;
    case 403:
        return ERR_FORBIDDEN;
    case 404:
        return ERR_NOT_FOUND;
    case 409:
        return ERR_CONFLICT;
    case 410:
        return ERR_GONE;
    case 413:
        return ERR_TOO_LARGE;
    case 429:
    case 503:
        return ERR_UNAVAILABLE;
    case 501:
        return ERR_UNSUPPORTED;
    case 504:
        return ERR_TIMEOUT;
    default:
        return http >= 500 ? ERR_INTERNAL : ERR_INVALID;
    }
}

static const struct err_cause *causes_of(struct arena *a, const struct val *causes,
                                         size_t *ret_count)
{
    struct err_cause *out = ARENA_ARRAY(a, val_count(causes) + 1, struct err_cause);

    *ret_count = val_count(causes);
    for (size_t i = 0; i < *ret_count; i++) {
        const struct val *c = val_item(causes, i);

        out[i] = (struct err_cause){ .reason = val_get_str(c, "reason"),
                                     .message = val_get_str(c, "message"),
                                     .field = val_get_str(c, "field") };
    }
    return out;
}

struct err *inproc_status_err(struct arena *a, const struct val *status, int http_code)
{
    struct str reason = val_get_str(status, "reason");
    struct str message = val_get_str(status, "message");
    struct err_status *s = ARENA_NEW(a, struct err_status);
    struct err *e;

    s->http_code = http_code;
    s->reason = reason;
    s->retry_after_s = (int32_t)val_at_int(status, "details.retryAfterSeconds", -1);
    s->group = val_at_str(status, "details.group");
    s->kind = val_at_str(status, "details.kind");
    s->name = val_at_str(status, "details.name");
    s->uid = val_at_str(status, "details.uid");
    s->causes = causes_of(a, val_at(status, "details.causes"), &s->cause_count);
    if (!message.len)
        message = str_printf(a, "the server answered %d", http_code);
    e = err_new(a, code_of(http_code, reason), "%.*s", STR_ARG(message));
    e->status = s;
    return e;
}

static struct api_request request_of(const struct kube_inproc *k, const struct inproc_request *req)
{
    return (struct api_request){
        .method = str_from_cstr(req->method),
        .path = req->path,
        .query = req->query,
        .content_type = str_from_cstr(req->content_type ? req->content_type : "application/json"),
        .accept = STR("application/json"),
        .user_agent = req->agent.len ? req->agent : STR("weir/" WEIR_VERSION),
        .body = req->body,
        .user = k->user,
        .impersonate = k->impersonate,
    };
}

static struct err *answer_of(struct run *r, const struct api_response *response,
                             const struct val **ret)
{
    const struct val *body = NULL;
    struct err *e = json_read(r->arena, response->body, STR("answer"), JSON_READ_BORROW, &body);

    if (response->status >= 400)
        return inproc_status_err(r->arena,
                                 e ? val_map_of(r->arena, "message",
                                                val_string(r->arena, str_trim(response->body)),
                                                NULL)
                                   : body,
                                 response->status);
    if (!e && ret)
        *ret = body;
    return e;
}

struct err *inproc_serve(struct kube_inproc *k, struct run *r, const struct inproc_request *req,
                         const struct val **ret)
{
    struct api_request request = request_of(k, req);
    struct api_response response = { 0 };

    if (run_is_cancelled(r))
        return err_new(r->arena, ERR_CANCELLED, "cancelled");
    k->server.ops->serve(k->server.self, r, &request, &response);
    return answer_of(r, &response, ret);
}

void inproc_serve_all(struct kube_inproc *k, struct run *r, const struct inproc_request *reqs,
                      size_t count, struct cluster_result *ret)
{
    struct api_request *requests = ARENA_ARRAY(r->arena, count, struct api_request);
    struct api_response *answers = ARENA_ARRAY(r->arena, count, struct api_response);
    size_t *places = ARENA_ARRAY(r->arena, count, size_t), sent = 0;

    for (size_t i = 0; i < count; i++) {
        if (ret[i].err)
            continue;
        places[sent] = i;
        requests[sent++] = request_of(k, &reqs[i]);
    }
    if (!run_is_cancelled(r))
        api_serve_all(&k->server, r, requests, sent, answers);
    for (size_t i = 0; i < sent; i++) {
        struct cluster_result *one = &ret[places[i]];

        one->err = run_is_cancelled(r) ? err_new(r->arena, ERR_CANCELLED, "cancelled")
                                       : answer_of(r, &answers[i], &one->object);
    }
}

void inproc_query(struct buf *b, const char *key, struct str value)
{
    if (!value.len)
        return;
    if (b->len)
        buf_put_byte(b, '&');
    buf_printf(b, "%s=", key);
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            c == '-' || c == '_' || c == '.')
            buf_put_byte(b, (char)c);
        else
            buf_printf(b, "%%%02X", c);
    }
}
