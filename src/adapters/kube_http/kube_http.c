/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_http/kube_http.h"

#include <stdlib.h>
#include <time.h>

#include "adapters/kube_http/http_state.h"
#include "base/buf.h"
#include "base/limits.h"
#include "value/json.h"

enum { CONNECT_TIMEOUT_MS = 10000, CALL_TIMEOUT_MS = 60000, PAUSE_STEP_MS = 50, ATTEMPTS_MAX = 10 };

CURL *http_take(struct kube_http *k)
{
    CURL *handle = NULL;

    (void)pthread_mutex_lock(&k->lock);
    if (k->idle_count > 0)
        handle = k->idle[--k->idle_count];
    (void)pthread_mutex_unlock(&k->lock);
    if (!handle)
        handle = k->curl->curl_easy_init();
    if (!handle)
        abort(); /* memory is out */
    return handle;
}

void http_give(struct kube_http *k, CURL *handle)
{
    bool kept = false;

    k->curl->curl_easy_reset(handle); /* options go, the connection stays */
    (void)pthread_mutex_lock(&k->lock);
    if (k->idle_count < IDLE_MAX) {
        k->idle[k->idle_count++] = handle;
        kept = true;
    }
    (void)pthread_mutex_unlock(&k->lock);
    if (!kept)
        k->curl->curl_easy_cleanup(handle);
}

static struct curl_blob blob_of(struct str s)
{
    return (struct curl_blob){ .data = (void *)(uintptr_t)s.ptr,
                               .len = s.len,
                               .flags = CURL_BLOB_COPY };
}

static void set_tls(struct kube_http *k, CURL *handle, const struct identity *me)
{
    struct curl_blob ca = blob_of(k->config.ca_pem), cert = blob_of(me->cert_pem);
    struct curl_blob key = blob_of(secret_reveal(me->key_pem));

    if (k->config.insecure) {
        (void)k->curl->curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
        (void)k->curl->curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (ca.len > 0)
        (void)k->curl->curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &ca);
    if (cert.len > 0 && key.len > 0) {
        (void)k->curl->curl_easy_setopt(handle, CURLOPT_SSLCERT_BLOB, &cert);
        (void)k->curl->curl_easy_setopt(handle, CURLOPT_SSLKEY_BLOB, &key);
    }
}

static void add_header(struct kube_http *k, struct arena *a, struct curl_slist **headers,
                       const char *name, struct str value)
{
    if (value.len > 0)
        *headers = k->curl->curl_slist_append(
            *headers, str_cstr(a, str_printf(a, "%s: %.*s", name, STR_ARG(value))));
}

/* The port's paths are decoded; names such as system:basic-user may hold what a URL may not. */
static struct str encoded(struct arena *a, struct str path)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            (c != '\0' && strchr("/-._~:", c)))
            buf_put_byte(&out, (char)c);
        else
            buf_printf(&out, "%%%02X", c);
    }
    return buf_str(&out);
}

int64_t http_now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

struct err *http_prepare(struct kube_http *k, struct run *r, CURL *handle,
                         const struct api_request *req, struct curl_slist **ret_headers)
{
    struct arena *a = r->arena;
    struct str url = str_printf(a, "%.*s%.*s%s%.*s", STR_ARG(k->base),
                                STR_ARG(encoded(a, req->path)), req->query.len ? "?" : "",
                                STR_ARG(req->query));
    const struct libcurl *c = k->curl;
    struct identity me = { .cert_pem = STR("") };
    struct err *e;

    *ret_headers = NULL;
    if (TRY(&e, login_identity(&k->login, r, &me)))
        return e;
    add_header(k, a, ret_headers, "Accept", req->accept);
    add_header(k, a, ret_headers, "User-Agent", req->user_agent);
    add_header(k, a, ret_headers, "Impersonate-User", req->impersonate.name);
    for (size_t i = 0; i < req->impersonate.group_count; i++)
        add_header(k, a, ret_headers, "Impersonate-Group", req->impersonate.groups[i]);
    add_header(k, a, ret_headers, "Authorization", me.authorization);
    (void)c->curl_easy_setopt(handle, CURLOPT_URL, str_cstr(a, url));
    (void)c->curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    (void)c->curl_easy_setopt(handle, CURLOPT_PROXY, str_cstr(a, k->config.proxy_url));
    if (k->connect_to)
        (void)c->curl_easy_setopt(handle, CURLOPT_CONNECT_TO, k->connect_to);
    (void)c->curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    (void)c->curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, str_cstr(a, req->method));
    (void)c->curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    (void)c->curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set_tls(k, handle, &me);
    if (req->body.len > 0) {
        add_header(k, a, ret_headers, "Content-Type", req->content_type);
        (void)c->curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body.len);
        (void)c->curl_easy_setopt(handle, CURLOPT_POSTFIELDS, req->body.ptr);
    }
    (void)c->curl_easy_setopt(handle, CURLOPT_HTTPHEADER, *ret_headers);
    return NULL;
}

void http_failure(struct arena *a, int status, const char *reason, const char *words,
                  struct api_response *ret)
{
    const struct val *body = val_map_of(
        a, "apiVersion", val_cstring(a, "v1"), "code", val_int(a, status), "kind",
        val_cstring(a, "Status"), "message", val_cstring(a, words), "reason",
        val_cstring(a, reason), "status", val_cstring(a, "Failure"), NULL);

    *ret = (struct api_response){
        .status = status,
        .content_type = STR("application/json"),
        .body = json_string(a, body, JSON_COMPACT),
        .retry_after_s = -1,
    };
}

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
    struct buf *body = self;

    buf_put(body, str_of(bytes, size * count));
    return body->overflowed ? 0 : size * count;
}

static int check_cancelled(void *self, curl_off_t total, curl_off_t now, curl_off_t total_up,
                           curl_off_t now_up)
{
    (void)total;
    (void)now;
    (void)total_up;
    (void)now_up;
    return run_is_cancelled(self);
}

/* Time left of the run, at most what one call may take. */
static long timeout_ms(const struct run *r)
{
    int64_t left = mono_diff_ns(r->deadline, (struct mono_time){ http_now_ns() }) / NS_PER_MS;

    return (long)(left < 1 ? 1 : left > CALL_TIMEOUT_MS ? CALL_TIMEOUT_MS : left);
}

static void set_answer(struct kube_http *k, CURL *handle, struct arena *a, CURLcode code,
                       struct buf *body, struct api_response *ret)
{
    struct str where = k->config.server;
    curl_off_t retry_after = 0;
    long status = 0;

    if (code != CURLE_OK) {
        bool late = code == CURLE_OPERATION_TIMEDOUT;
        struct str words = str_printf(a, "%s %.*s: %s",
                                      late ? "no answer in time from" : "could not reach",
                                      STR_ARG(where), k->curl->curl_easy_strerror(code));

        http_failure(a, late ? 504 : 503, late ? "Timeout" : "ServiceUnavailable",
                     str_cstr(a, words), ret);
        return;
    }
    (void)k->curl->curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    (void)k->curl->curl_easy_getinfo(handle, CURLINFO_RETRY_AFTER, &retry_after);
    *ret = (struct api_response){ .status = (int)status,
                                  .body = buf_str(body),
                                  .retry_after_s = retry_after > 0 ? (int32_t)retry_after : -1 };
}

bool exchange_begin(struct exchange *x, struct kube_http *k, struct run *r,
                    const struct api_request *req, struct api_response *ret)
{
    const struct libcurl *c = k->curl;
    struct err *e;

    x->handle = http_take(k);
    x->begun = http_now_ns();
    buf_init(&x->body, r->arena, LIMIT_HTTP_ANSWER_BYTES);
    if (TRY(&e, http_prepare(k, r, x->handle, req, &x->headers))) {
        http_failure(r->arena, 401, "Unauthorized", str_cstr(r->arena, err_line(r->arena, e)), ret);
        http_give(k, x->handle);
        return false;
    }
    (void)c->curl_easy_setopt(x->handle, CURLOPT_TIMEOUT_MS, timeout_ms(r));
    (void)c->curl_easy_setopt(x->handle, CURLOPT_WRITEFUNCTION, take_body);
    (void)c->curl_easy_setopt(x->handle, CURLOPT_WRITEDATA, &x->body);
    (void)c->curl_easy_setopt(x->handle, CURLOPT_NOPROGRESS, 0L);
    (void)c->curl_easy_setopt(x->handle, CURLOPT_XFERINFOFUNCTION, check_cancelled);
    (void)c->curl_easy_setopt(x->handle, CURLOPT_XFERINFODATA, r);
    return true;
}

void exchange_end(struct exchange *x, struct kube_http *k, struct run *r,
                  const struct api_request *req, CURLcode code, struct api_response *ret)
{
    set_answer(k, x->handle, r->arena, code, &x->body, ret);
    x->pause_ms = code == CURLE_OK ? http_retry_ms(k, x->handle) : -1;
    http_measure(k, r->arena, req->method, code == CURLE_OK ? ret->status : 0,
                 http_now_ns() - x->begun);
    if (ret->status == 401)
        login_refused(&k->login);
    k->curl->curl_slist_free_all(x->headers);
    http_give(k, x->handle);
}

bool http_pause(const struct run *r, int64_t ms)
{
    struct mono_time until = { http_now_ns() + ms * NS_PER_MS };
    struct timespec step = { .tv_nsec = PAUSE_STEP_MS * NS_PER_MS };

    if (until.ns >= r->deadline.ns)
        return false;
    while (http_now_ns() < until.ns && !run_is_cancelled(r))
        (void)nanosleep(&step, NULL);
    return !run_is_cancelled(r);
}

/* What the server is too busy for now is asked again when it says, as Kubernetes' own clients do. */
void http_serve(void *self, struct run *r, const struct api_request *req, struct api_response *ret)
{
    struct kube_http *k = self;

    for (unsigned attempt = 1;; attempt++) {
        struct exchange x;

        if (!exchange_begin(&x, k, r, req, ret))
            return;
        exchange_end(&x, k, r, req, k->curl->curl_easy_perform(x.handle), ret);
        if (x.pause_ms < 0 || attempt == ATTEMPTS_MAX || !http_pause(r, x.pause_ms))
            return;
    }
}

/* Tokens are the server's business, and it is at the other end. */
static bool authenticate(void *self, struct run *r, struct str token, struct api_user *ret)
{
    (void)self;
    (void)r;
    (void)token;
    (void)ret;
    return false;
}

static bool is_watch(void *self, const struct api_request *req)
{
    (void)self;
    return str_is(req->method, "GET") && str_contains(req->query, STR("watch=true"));
}

/*
 * A certificate that is for another name than the server's: URLs have that name, and libcurl is told where it is. Of
 * "https://host:port/path" the host ends at the last colon before the path, outside of brackets.
 */
static void set_base(struct kube_http *k)
{
    struct str rest = str_skip(k->config.server, sizeof "https://" - 1), name;
    size_t slash = str_find_byte(rest, '/', 0);
    struct str host = str_slice(rest, 0, slash), port = STR("443");
    struct str path = slash == SIZE_MAX ? STR("") : str_skip(rest, slash);
    size_t colon = str_rfind_byte(host, ':');

    k->base = k->config.server;
    name = k->config.tls_server_name;
    if (name.len == 0)
        return;
    if (colon != SIZE_MAX && str_find_byte(host, ']', colon) == SIZE_MAX) {
        port = str_skip(host, colon + 1);
        host = str_slice(host, 0, colon);
    }
    k->base = str_printf(k->home, "https://%.*s:%.*s%.*s", STR_ARG(name), STR_ARG(port),
                         STR_ARG(path));
    k->connect_to = k->curl->curl_slist_append(
        NULL, str_cstr(k->home, str_printf(k->home, "%.*s:%.*s:%.*s:%.*s", STR_ARG(name),
                                           STR_ARG(port), STR_ARG(host), STR_ARG(port))));
}

/* host:port of the server, as client-go labels it. */
static void set_host(struct kube_http *k)
{
    struct str rest = str_skip(k->config.server, sizeof "https://" - 1);

    k->host = str_slice(rest, 0, str_find_byte(rest, '/', 0));
}

/* The handle, or what went wrong in making it, told in `a`. */
static struct err *http_made(struct arena *a, struct kube_http *k, const struct err *e,
                             struct kube_http **ret)
{
    struct err *told = e ? err_copy(a, e) : NULL;

    login_init(&k->login, &k->config, &k->process);
    if (e) {
        kube_http_free(k);
        return told;
    }
    set_base(k);
    set_host(k);
    *ret = k;
    return NULL;
}

static struct kube_http *http_new(const struct kube_http_options *options)
{
    struct arena *home = arena_new(0);
    struct kube_http *k = ARENA_NEW(home, struct kube_http);

    k->home = home;
    k->process = options->process;
    k->metrics = options->metrics;
    (void)pthread_mutex_init(&k->lock, NULL);
    return k;
}

static struct kubeconfig_trust trust_of(const struct kube_http_options *options)
{
    return (struct kubeconfig_trust){ .exec = options->process.ops != NULL,
                                      .insecure_tls = options->insecure_tls };
}

struct err *kube_http_new(struct arena *a, const struct kube_http_options *options,
                          struct str kubeconfig, struct str context, struct kube_http **ret)
{
    struct kube_http *k = http_new(options);
    struct err *e;

    if (!TRY(&e, libcurl_load(k->home, &k->curl)))
        e = kubeconfig_read(k->home, trust_of(options), kubeconfig, context, &k->config);
    return http_made(a, k, e, ret);
}

struct err *kube_http_from_secret(struct arena *a, const struct kube_http_options *options,
                                  struct str text, struct str name, struct kube_http **ret)
{
    struct kube_http *k = http_new(options);
    struct err *e;

    if (!TRY(&e, libcurl_load(k->home, &k->curl)))
        e = kubeconfig_from_secret(k->home, trust_of(options), text, name, &k->config);
    return http_made(a, k, e, ret);
}

struct err *kube_http_in_cluster(struct arena *a, const struct kube_http_options *options,
                                 struct str server, struct str folder, struct kube_http **ret)
{
    struct kube_http *k = http_new(options);
    struct err *e;

    if (!TRY(&e, libcurl_load(k->home, &k->curl)))
        e = kubeconfig_in_cluster(k->home, str_dup(k->home, server), folder, &k->config);
    return http_made(a, k, e, ret);
}

struct err *kube_http_at(struct arena *a, const struct kube_http_options *options,
                         struct str server, struct str ca_pem, struct kube_http **ret)
{
    struct kube_http *k = http_new(options);
    struct err *e = libcurl_load(k->home, &k->curl);

    k->config = (struct kubeconfig){ .server = str_dup(k->home, server),
                                     .ca_pem = str_dup(k->home, ca_pem) };
    return http_made(a, k, e, ret);
}

void kube_http_set_token(struct kube_http *k, struct secret token)
{
    login_set_token(&k->login, token);
}

void kube_http_measure(struct kube_http *k, const struct metrics *metrics)
{
    k->metrics = *metrics;
}

struct api_server kube_http_port(struct kube_http *k)
{
    static const struct api_server_ops ops = {
        .authenticate = authenticate,
        .serve = http_serve,
        .serve_all = http_serve_all,
        .is_watch = is_watch,
        .watch_open = http_watch_open,
        .watch_close = http_watch_close,
    };

    return (struct api_server){ .ops = &ops, .self = k };
}

void kube_http_free(struct kube_http *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < k->idle_count; i++)
        k->curl->curl_easy_cleanup(k->idle[i]);
    for (size_t i = 0; i < k->idle_multi_count; i++)
        (void)k->curl->curl_multi_cleanup(k->idle_multi[i]);
    if (k->connect_to)
        k->curl->curl_slist_free_all(k->connect_to);
    login_done(&k->login);
    (void)pthread_mutex_destroy(&k->lock);
    arena_free(k->home);
}
