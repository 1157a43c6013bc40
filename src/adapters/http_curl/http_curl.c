/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/http_curl/http_curl.h"

#include "adapters/http_curl/libcurl.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "core/url/http_status.h"
#include "core/url/url.h"

enum { CONNECT_TIMEOUT_MS = 10000, CALL_TIMEOUT_MS = 120000, REDIRECTS_MAX = 10 };

struct call {
    const struct http_curl_library *curl;
    CURL *handle;
    struct curl_slist *sent; /* headers */
    struct run *run;
    struct buf body;
    struct str reason;
    VEC(struct http_header) headers;
    size_t header_bytes;
    char words[CURL_ERROR_SIZE];
};

static size_t take_body(char *bytes, size_t size, size_t count, void *self)
{
    struct call *c = self;

    buf_put(&c->body, str_of(bytes, size * count));
    return c->body.overflowed ? 0 : size * count;
}

/* "HTTP/1.1 404 Not Found" begins an answer, so what came before belonged to a redirect. */
static void take_status(struct call *c, struct str line)
{
    struct str version, code;

    (void)str_cut(&line, ' ', &version);
    (void)str_cut(&line, ' ', &code);
    c->reason = line.ptr ? str_dup(c->run->arena, line) : STR("");
    c->headers.count = 0;
    c->body.len = 0;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *self)
{
    struct call *c = self;
    struct str line = str_trim(str_of(bytes, size * count)), name;

    c->header_bytes += size * count;
    if (c->header_bytes > LIMIT_HTTP_HEADER_BYTES)
        return 0;
    if (str_has_prefix(line, STR("HTTP/"))) {
        take_status(c, line);
    } else if (str_cut(&line, ':', &name) && line.ptr) {
        *VEC_PUSH(c->run->arena,
                  &c->headers) = (struct http_header){ str_dup(c->run->arena, name),
                                                       str_dup(c->run->arena, str_trim(line)) };
    }
    return size * count;
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

static struct curl_blob blob_of(struct str s)
{
    return (struct curl_blob){ .data = (void *)(uintptr_t)s.ptr,
                               .len = s.len,
                               .flags = CURL_BLOB_COPY };
}

static void prepare_tls(struct call *c, const struct http_tls *tls)
{
    struct curl_blob ca = blob_of(tls->ca), certificate = blob_of(tls->certificate);
    struct curl_blob key = blob_of(secret_reveal(tls->key));
    const struct http_curl_library *l = c->curl;

    if (ca.len > 0) {
        (void)l->curl_easy_setopt(c->handle, CURLOPT_CAINFO_BLOB, &ca);
        (void)l->curl_easy_setopt(c->handle, CURLOPT_CAPATH, NULL);
    }
    if (certificate.len > 0 && key.len > 0) {
        (void)l->curl_easy_setopt(c->handle, CURLOPT_SSLCERT_BLOB, &certificate);
        (void)l->curl_easy_setopt(c->handle, CURLOPT_SSLKEY_BLOB, &key);
    }
    if (tls->skip_verify) {
        (void)l->curl_easy_setopt(c->handle, CURLOPT_SSL_VERIFYPEER, 0L);
        (void)l->curl_easy_setopt(c->handle, CURLOPT_SSL_VERIFYHOST, 0L);
    }
}

/* libcurl keeps both to the origin when it follows a redirect, which a header of our own would not be sure of. */
static void prepare_credentials(struct call *c, const struct http_credentials *own)
{
    const struct http_curl_library *l = c->curl;
    struct arena *a = c->run->arena;

    if (secret_is_set(own->token)) {
        (void)l->curl_easy_setopt(c->handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        (void)l->curl_easy_setopt(c->handle, CURLOPT_XOAUTH2_BEARER,
                                  str_cstr(a, secret_reveal(own->token)));
    } else if (secret_is_set(own->password)) {
        (void)l->curl_easy_setopt(c->handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        (void)l->curl_easy_setopt(c->handle, CURLOPT_USERNAME, str_cstr(a, own->username));
        (void)l->curl_easy_setopt(c->handle, CURLOPT_PASSWORD,
                                  str_cstr(a, secret_reveal(own->password)));
    }
}

/* A POST or PUT gets its body, a HEAD none. */
static void prepare_method(struct call *c, const struct http_request *request)
{
    const struct http_curl_library *l = c->curl;
    struct str method = str_from_cstr(request->method ? request->method : "GET");
    struct str body = secret_reveal(request->body);

    if (str_is(method, "HEAD")) {
        (void)l->curl_easy_setopt(c->handle, CURLOPT_NOBODY, 1L);
    } else if (str_is(method, "POST") || str_is(method, "PUT")) {
        (void)l->curl_easy_setopt(c->handle, CURLOPT_POST, 1L);
        (void)l->curl_easy_setopt(c->handle, CURLOPT_POSTFIELDSIZE, (long)body.len);
        (void)l->curl_easy_setopt(c->handle, CURLOPT_POSTFIELDS, body.ptr ? body.ptr : "");
        (void)l->curl_easy_setopt(c->handle, CURLOPT_CUSTOMREQUEST,
                                  str_is(method, "PUT") ? "PUT" : NULL);
    }
    for (size_t i = 0; i < request->header_count; i++)
        c->sent = l->curl_slist_append(
            c->sent, str_cstr(c->run->arena, str_printf(c->run->arena, "%.*s: %.*s",
                                                        STR_ARG(request->headers[i].name),
                                                        STR_ARG(request->headers[i].value))));
    (void)l->curl_easy_setopt(c->handle, CURLOPT_HTTPHEADER, c->sent);
}

static void prepare(struct call *c, const struct clock *clock, const struct http_request *request)
{
    const struct http_curl_library *l = c->curl;
    CURL *h = c->handle;

    prepare_tls(c, &request->tls);
    prepare_credentials(c, &request->credentials);
    prepare_method(c, request);

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
    (void)l->curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, take_header);
    (void)l->curl_easy_setopt(h, CURLOPT_HEADERDATA, c);
    (void)l->curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
    (void)l->curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, check_cancelled);
    (void)l->curl_easy_setopt(h, CURLOPT_XFERINFODATA, c);
}

static struct err *failure(const struct call *c, CURLcode code, const struct http_request *request)
{
    const char *words = c->words[0] ? c->words : c->curl->curl_easy_strerror(code);
    const char *method = request->method ? request->method : "GET";
    struct arena *a = c->run->arena;
    struct str url = str_printf(a, "%c%.*s \"%.*s\"", method[0],
                                STR_ARG(str_lower(a, str_from_cstr(method + 1))),
                                STR_ARG(url_without_password(a, request->url)));
    enum err_code kind = ERR_UNAVAILABLE;

    if (c->body.overflowed)
        return err_new(a, ERR_TOO_LARGE, "%.*s: the answer is larger than %zu bytes", STR_ARG(url),
                       request->body_max);
    if (c->header_bytes > LIMIT_HTTP_HEADER_BYTES)
        return err_new(a, ERR_TOO_LARGE, "%.*s: the answer's headers are larger than %llu bytes",
                       STR_ARG(url), LIMIT_HTTP_HEADER_BYTES);
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        kind = ERR_CANCELLED;
        words = "cancelled";
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        kind = ERR_TIMEOUT;
    } else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
               code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE) {
        kind = ERR_INVALID;
    }
    return err_new(a, kind, "%.*s: %s", STR_ARG(url), words);
}

static void take_answer(struct call *c, struct http_answer *ret)
{
    const char *url = NULL;
    long status = 0;

    (void)c->curl->curl_easy_getinfo(c->handle, CURLINFO_RESPONSE_CODE, &status);
    (void)c->curl->curl_easy_getinfo(c->handle, CURLINFO_EFFECTIVE_URL, &url);
    *ret = (struct http_answer){ .status = (int)status,
                                 .reason = c->reason.len > 0
                                               ? c->reason
                                               : str_from_cstr(http_status_text((int)status)),
                                 .url = str_dup(c->run->arena, str_from_cstr(url)),
                                 .headers = c->headers.items,
                                 .header_count = c->headers.count,
                                 .body = buf_str(&c->body) };
}

static struct err *send_request(void *self, struct run *r, const struct http_request *request,
                                struct http_answer *ret)
{
    struct call c = { .run = r };
    struct err *e;

    if (TRY(&e, http_curl_load(r->arena, &c.curl)))
        return e;
    c.handle = c.curl->curl_easy_init();
    if (!c.handle)
        return err_new(r->arena, ERR_IO, "libcurl could not make a handle");
    buf_init(&c.body, r->arena, request->body_max);
    prepare(&c, self, request);
    CURLcode code = c.curl->curl_easy_perform(c.handle);
    if (code != CURLE_OK)
        e = failure(&c, code, request);
    else
        take_answer(&c, ret);
    c.curl->curl_slist_free_all(c.sent);
    c.curl->curl_easy_cleanup(c.handle);
    return e;
}

struct http http_curl_port(const struct clock *clock)
{
    static const struct http_ops ops = { .send = send_request };

    return (struct http){ .ops = &ops, .self = (void *)(uintptr_t)clock };
}
