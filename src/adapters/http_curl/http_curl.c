/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/http_curl/http_curl.h"

#include "adapters/http_curl/libcurl.h"
#include "base/buf.h"

enum { CONNECT_TIMEOUT_MS = 10000, CALL_TIMEOUT_MS = 60000, REDIRECTS_MAX = 10 };

struct call {
    const struct http_curl_library *curl;
    CURL *handle;
    struct run *run;
    struct buf body;
    char words[CURL_ERROR_SIZE];
};

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
    struct call *c = self;

    buf_put(&c->body, str_of(bytes, size * count));
    return c->body.overflowed ? 0 : size * count;
}

static int check_cancelled(void *self, curl_off_t total, curl_off_t now, curl_off_t total_up,
                           curl_off_t now_up)
{
    const struct call *c = self;

    (void)total;
    (void)now;
    (void)total_up;
    (void)now_up;
    return run_is_cancelled(c->run);
}

static long time_left_ms(const struct clock *clock, const struct run *r)
{
    int64_t left = mono_diff_ns(r->deadline, clock_mono(clock)) / (NS_PER_S / 1000);

    if (left > CALL_TIMEOUT_MS)
        return CALL_TIMEOUT_MS;
    return left < 1 ? 1 : (long)left;
}

static void prepare(struct call *c, const struct clock *clock, const struct http_get *request)
{
    const struct http_curl_library *l = c->curl;
    CURL *h = c->handle;

    (void)l->curl_easy_setopt(h, CURLOPT_URL, str_cstr(c->run->arena, request->url));
    (void)l->curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)l->curl_easy_setopt(h, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    (void)l->curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 1L);
    (void)l->curl_easy_setopt(h, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX);
    (void)l->curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    (void)l->curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    (void)l->curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, time_left_ms(clock, c->run));
    (void)l->curl_easy_setopt(h, CURLOPT_USERAGENT, "weir");
    (void)l->curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->words);
    (void)l->curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take_body);
    (void)l->curl_easy_setopt(h, CURLOPT_WRITEDATA, c);
    (void)l->curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    (void)l->curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, check_cancelled);
    (void)l->curl_easy_setopt(h, CURLOPT_XFERINFODATA, c);
}

static struct err *failure(const struct call *c, CURLcode code, const struct http_get *request)
{
    const char *words = c->words[0] ? c->words : c->curl->curl_easy_strerror(code);
    struct arena *a = c->run->arena;

    if (c->body.overflowed)
        return err_new(a, ERR_TOO_LARGE, "\"%.*s\" is larger than %zu bytes", STR_ARG(request->url),
                       request->body_max);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return err_new(a, ERR_CANCELLED, "\"%.*s\": cancelled", STR_ARG(request->url));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return err_new(a, ERR_TIMEOUT, "\"%.*s\": %s", STR_ARG(request->url), words);
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
        return err_new(a, ERR_INVALID, "\"%.*s\": %s", STR_ARG(request->url), words);
    return err_new(a, ERR_UNAVAILABLE, "\"%.*s\": %s", STR_ARG(request->url), words);
}

static struct err *get(void *self, struct run *r, const struct http_get *request,
                       struct http_document *ret)
{
    struct call c = { .run = r };
    long status = 0;
    struct err *e;

    if (TRY(&e, http_curl_load(r->arena, &c.curl)))
        return e;
    c.handle = c.curl->curl_easy_init();
    if (!c.handle)
        return err_new(r->arena, ERR_IO, "libcurl could not make a handle");
    buf_init(&c.body, r->arena, request->body_max);
    prepare(&c, self, request);
    CURLcode code = c.curl->curl_easy_perform(c.handle);
    (void)c.curl->curl_easy_getinfo(c.handle, CURLINFO_RESPONSE_CODE, &status);
    c.curl->curl_easy_cleanup(c.handle);
    if (code != CURLE_OK)
        return failure(&c, code, request);
    *ret = (struct http_document){ .status = (int)status, .body = buf_str(&c.body) };
    return NULL;
}

struct http http_curl_port(const struct clock *clock)
{
    static const struct http_ops ops = { .get = get };

    return (struct http){ .ops = &ops, .self = (void *)(uintptr_t)clock };
}
