/* SPDX-License-Identifier: Apache-2.0 */
/* A watch over HTTPS: one thread reads the stream, cuts it into lines and hands them to the sink. */
#include <stdlib.h>

#include "adapters/kube_http/http_state.h"
#include "base/buf.h"
#include "base/limits.h"

enum { KEEPALIVE_S = 30 };

struct api_watch {
    struct kube_http *http;
    struct arena *home; /* holds this and the request */
    struct api_watch_sink sink;
    CURL *handle;
    struct curl_slist *headers;
    struct buf line; /* bytes of a frame that has not ended yet; in its own arena */
    struct arena *line_arena;
    pthread_t thread;
    atomic_bool closing;
    bool refused; /* the sink wants no more */
};

static bool send_line(struct api_watch *w, struct str line)
{
    if (line.len == 0)
        return true;
    w->refused = !w->sink.frame(w->sink.self, line);
    return !w->refused;
}

/* A new arena now and then: a frame's buffer only ever grows. */
static void forget_line(struct api_watch *w)
{
    if (w->line.cap > 64 * KIB) {
        arena_reset(w->line_arena);
        buf_init(&w->line, w->line_arena, LIMIT_HTTP_ANSWER_BYTES);
    }
    buf_truncate(&w->line, 0);
}

static size_t take_bytes(char *bytes, size_t size, size_t count, void *self)
{
    struct api_watch *w = self;
    struct str rest = str_of(bytes, size * count);

    while (rest.len > 0) {
        size_t end = str_find_byte(rest, '\n', 0);

        buf_put(&w->line, str_slice(rest, 0, end));
        if (w->line.overflowed)
            return 0;
        if (end == SIZE_MAX)
            break;
        if (!send_line(w, buf_str(&w->line)))
            return 0;
        forget_line(w);
        rest = str_skip(rest, end + 1);
    }
    return size * count;
}

static int check_closing(void *self, curl_off_t total, curl_off_t now, curl_off_t total_up,
                         curl_off_t now_up)
{
    struct api_watch *w = self;

    (void)total;
    (void)now;
    (void)total_up;
    (void)now_up;
    return atomic_load(&w->closing);
}

static void *read_stream(void *self)
{
    struct api_watch *w = self;

    CURLcode code = w->http->curl->curl_easy_perform(w->handle);
    long status = 0;

    if (code != CURLE_COULDNT_CONNECT)
        (void)w->http->curl->curl_easy_getinfo(w->handle, CURLINFO_RESPONSE_CODE, &status);
    http_measure(w->http, w->line_arena, STR("GET"), status, -1);
    if (status == 401)
        login_refused(&w->http->login);
    /* What is left without a line break is an error body, such as the Status of a refusal. */
    if (!atomic_load(&w->closing)) {
        if (!w->refused)
            (void)send_line(w, buf_str(&w->line));
        w->sink.ended(w->sink.self);
    }
    return NULL;
}

static void set_stream_options(struct api_watch *w)
{
    const struct libcurl *c = w->http->curl;

    (void)c->curl_easy_setopt(w->handle, CURLOPT_WRITEFUNCTION, take_bytes);
    (void)c->curl_easy_setopt(w->handle, CURLOPT_WRITEDATA, w);
    (void)c->curl_easy_setopt(w->handle, CURLOPT_NOPROGRESS, 0L);
    (void)c->curl_easy_setopt(w->handle, CURLOPT_XFERINFOFUNCTION, check_closing);
    (void)c->curl_easy_setopt(w->handle, CURLOPT_XFERINFODATA, w);
    (void)c->curl_easy_setopt(w->handle, CURLOPT_TCP_KEEPALIVE, 1L);
    (void)c->curl_easy_setopt(w->handle, CURLOPT_TCP_KEEPIDLE, (long)KEEPALIVE_S);
    (void)c->curl_easy_setopt(w->handle, CURLOPT_TCP_KEEPINTVL, (long)KEEPALIVE_S);
}

static void free_watch(struct api_watch *w)
{
    struct arena *home = w->home;

    w->http->curl->curl_slist_free_all(w->headers);
    w->http->curl->curl_easy_cleanup(w->handle);
    arena_free(w->line_arena);
    arena_free(home);
}

void http_watch_open(void *self, struct run *r, const struct api_request *req,
                     const struct api_watch_sink *sink, struct api_watch **ret,
                     struct api_response *ret_refused)
{
    struct kube_http *k = self;
    struct arena *home = arena_new(0);
    struct api_watch *w = ARENA_NEW(home, struct api_watch);
    struct run own = { .arena = home, .deadline = r->deadline, .cancelled = r->cancelled };
    struct err *e;

    w->http = k;
    w->home = home;
    w->sink = *sink;
    w->line_arena = arena_new(0);
    buf_init(&w->line, w->line_arena, LIMIT_HTTP_ANSWER_BYTES);
    w->handle = k->curl->curl_easy_init();
    if (!w->handle)
        abort(); /* memory is out */
    *ret = NULL;
    if (TRY(&e, http_prepare(k, &own, w->handle, req, &w->headers))) {
        http_failure(r->arena, 401, "Unauthorized", str_cstr(r->arena, err_line(r->arena, e)),
                     ret_refused);
        free_watch(w);
        return;
    }
    set_stream_options(w);
    *ret = w;
    if (pthread_create(&w->thread, NULL, read_stream, w) == 0)
        return;
    free_watch(w);
    *ret = NULL;
    http_failure(r->arena, 503, "ServiceUnavailable", "could not start a thread for a watch",
                 ret_refused);
}

void http_watch_close(void *self, struct api_watch *watch)
{
    (void)self;
    atomic_store(&watch->closing, true);
    (void)pthread_join(watch->thread, NULL);
    free_watch(watch);
}
