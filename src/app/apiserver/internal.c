/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/internal.h"

#include "app/apiserver/serve.h"
#include "base/buf.h"
#include "value/json.h"

int internal_serve(struct apiserver *s, struct run *r, const struct internal_request *req,
                   const struct val **ret_body)
{
    static const struct str masters[] = { STR_INIT("system:masters") };
    struct api_request request = {
        .method = str_from_cstr(req->method),
        .path = req->path,
        .query = req->query,
        .content_type = str_from_cstr(req->content_type ? req->content_type : "application/json"),
        .accept = STR("application/json"),
        .user_agent = str_from_cstr(req->agent),
        .user = { .name = str_from_cstr(req->agent), .groups = masters, .group_count = 1 },
    };
    struct api_response response = { 0 };
    const struct val *body = NULL;

    if (req->body)
        request.body = json_string(r->arena, req->body, JSON_COMPACT);
    serve_request(s, r, &request, &response);
    if (ret_body) {
        if (json_read(r->arena, response.body, STR("answer"), JSON_READ_BORROW, &body))
            body = NULL;
        *ret_body = body;
    }
    return response.status;
}

struct str internal_path(struct arena *a, const struct api_resource *res, struct str ns,
                         struct str name, const char *subresource)
{
    struct buf b;

    buf_init(&b, a, 0);
    if (res->gvk.group.len)
        buf_printf(&b, "/apis/%.*s/%.*s", STR_ARG(res->gvk.group), STR_ARG(res->gvk.version));
    else
        buf_printf(&b, "/api/%.*s", STR_ARG(res->gvk.version));
    if (res->namespaced && ns.len)
        buf_printf(&b, "/namespaces/%.*s", STR_ARG(ns));
    buf_printf(&b, "/%.*s", STR_ARG(res->plural));
    if (name.len)
        buf_printf(&b, "/%.*s", STR_ARG(name));
    if (subresource)
        buf_printf(&b, "/%s", subresource);
    return buf_str(&b);
}
