/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/apiserver_http/http_state.h"
#include "base/buf.h"
#include "value/json.h"

static const char *phrase(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } all[] = {
        { 200, "OK" },
        { 201, "Created" },
        { 202, "Accepted" },
        { 400, "Bad Request" },
        { 401, "Unauthorized" },
        { 403, "Forbidden" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 406, "Not Acceptable" },
        { 409, "Conflict" },
        { 410, "Gone" },
        { 413, "Request Entity Too Large" },
        { 415, "Unsupported Media Type" },
        { 417, "Expectation Failed" },
        { 422, "Unprocessable Entity" },
        { 429, "Too Many Requests" },
        { 431, "Request Header Fields Too Large" },
        { 500, "Internal Server Error" },
        { 501, "Not Implemented" },
        { 503, "Service Unavailable" },
        { 504, "Gateway Timeout" },
        { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].status == status)
            return all[i].phrase;
    return "Status";
}

struct str answer_format(struct arena *a, const struct api_response *response, bool keep_alive)
{
    struct buf b;

    buf_init(&b, a, 0);
    buf_printf(&b, "HTTP/1.1 %d %s\r\nContent-Type: %.*s\r\nContent-Length: %zu\r\n",
               response->status, phrase(response->status), STR_ARG(response->content_type),
               response->body.len);
    buf_lit(&b, "Cache-Control: no-cache, private\r\n");
    for (size_t i = 0; i < response->warning_count; i++)
        buf_printf(&b, "Warning: %.*s\r\n", STR_ARG(response->warnings[i]));
    if (response->retry_after_s >= 0)
        buf_printf(&b, "Retry-After: %d\r\n", response->retry_after_s);
    if (response->status == 401)
        buf_lit(&b, "WWW-Authenticate: Bearer\r\n");
    if (!keep_alive)
        buf_lit(&b, "Connection: close\r\n");
    buf_lit(&b, "\r\n");
    buf_put(&b, response->body);
    return buf_str(&b);
}

struct str answer_stream_head(struct arena *a, struct str content_type)
{
    return str_printf(
        a,
        "HTTP/1.1 200 OK\r\nContent-Type: %.*s\r\nCache-Control: no-cache, private\r\n"
        "Transfer-Encoding: chunked\r\n\r\n",
        STR_ARG(content_type));
}

struct str answer_refusal(struct arena *a, int status, struct str message)
{
    const char *reason = status == 401   ? "Unauthorized"
                         : status == 413 ? "RequestEntityTooLarge"
                         : status < 500  ? "BadRequest"
                                         : "ServiceUnavailable";
    const struct val *body = val_map_of(
        a, "kind", val_cstring(a, "Status"), "apiVersion", val_cstring(a, "v1"), "metadata",
        &val_empty_map, "status", val_cstring(a, "Failure"), "message", val_string(a, message),
        "reason", val_cstring(a, reason), "code", val_int(a, status), NULL);
    struct api_response response = { .status = status,
                                     .content_type = STR("application/json"),
                                     .body = json_string(a, body, JSON_COMPACT),
                                     .retry_after_s = status == 503 ? 1 : -1 };

    return answer_format(a, &response, false);
}
