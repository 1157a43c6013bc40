/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/http_plain/http_plain.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"

enum { IDLE_TIMEOUT_S = 60 };

#define TEXT_TYPE "text/plain; version=0.0.4"
#define FILE_TYPE "application/gzip"

struct http_plain {
    struct http_plain_options options;
    struct evhttp *server;
    uint16_t port;
};

/* The head alone: libevent would send the body to a HEAD as well, and take the next answer's bytes for granted. */
static void answer_head(struct evhttp_request *req, int status, const char *type, size_t size)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    char text[32];

    (void)snprintf(text, sizeof text, "%zu", size);
    (void)evhttp_add_header(headers, "Content-Type", type);
    (void)evhttp_add_header(headers, "Content-Length", text);
    evhttp_send_reply(req, status, NULL, NULL);
}

static bool is_head(struct evhttp_request *req)
{
    return evhttp_request_get_command(req) == EVHTTP_REQ_HEAD;
}

static void answer_text(struct evhttp_request *req, int status, struct str text)
{
    struct evbuffer *body;

    if (is_head(req)) {
        answer_head(req, status, TEXT_TYPE, text.len);
        return;
    }
    body = evbuffer_new();
    if (!body) {
        evhttp_send_error(req, HTTP_INTERNAL, NULL);
        return;
    }
    (void)evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", TEXT_TYPE);
    (void)evbuffer_add(body, text.ptr, text.len);
    evhttp_send_reply(req, status, status == HTTP_OK ? "OK" : "Not ready", body);
    evbuffer_free(body);
}

static void answer_metrics(struct http_plain *h, struct evhttp_request *req)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct buf out;

    buf_init(&out, a, 0);
    h->options.print_metrics(h->options.self, &out);
    answer_text(req, HTTP_OK, buf_str(&out));
}

/* Nothing but what a publisher makes: no dot parts, no escapes, no hidden files. */
static bool is_artifact_path(struct str path)
{
    struct str part;

    if (path.len == 0 || path.len > LIMIT_PATH_BYTES)
        return false;
    while (str_cut(&path, '/', &part)) {
        if (part.len == 0 || part.ptr[0] == '.')
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (part.ptr[i] == '%' || part.ptr[i] == '\\' || (unsigned char)part.ptr[i] < 0x20)
                return false;
    }
    return true;
}

static void send_file(struct evhttp_request *req, int fd, off_t size)
{
    struct evbuffer *body;

    if (is_head(req)) {
        (void)close(fd);
        answer_head(req, HTTP_OK, FILE_TYPE, (size_t)size);
        return;
    }
    body = evbuffer_new();
    if (!body || evbuffer_add_file(body, fd, 0, size) != 0) {
        (void)close(fd);
        evhttp_send_error(req, HTTP_INTERNAL, NULL);
    } else {
        (void)evhttp_add_header(evhttp_request_get_output_headers(req), "Content-Type", FILE_TYPE);
        evhttp_send_reply(req, HTTP_OK, "OK", body);
    }
    if (body)
        evbuffer_free(body);
}

static void answer_artifact(struct http_plain *h, struct evhttp_request *req, struct str path)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct stat st;
    int fd = -1;

    if (h->options.artifact_root && is_artifact_path(path))
        fd = open(str_cstr(a, str_printf(a, "%s/%.*s", h->options.artifact_root, STR_ARG(path))),
                  O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        send_file(req, fd, st.st_size);
        return;
    }
    if (fd >= 0)
        (void)close(fd);
    evhttp_send_error(req, HTTP_NOTFOUND, NULL);
}

static void answer(struct evhttp_request *req, void *self)
{
    struct http_plain *h = self;
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));
    struct str p = path ? str_from_cstr(path) : STR("/");

    if (str_is(p, "/metrics") && h->options.print_metrics)
        answer_metrics(h, req);
    else if (str_is(p, "/healthz"))
        answer_text(req, HTTP_OK, STR("ok"));
    else if (str_is(p, "/readyz"))
        answer_text(req,
                    !h->options.is_ready || h->options.is_ready(h->options.self) ? HTTP_OK
                                                                                 : HTTP_SERVUNAVAIL,
                    STR("ok"));
    else
        answer_artifact(h, req, str_skip(p, 1));
}

static uint16_t bound_port(struct evhttp_bound_socket *socket)
{
    struct sockaddr_storage address = { 0 };
    socklen_t len = sizeof address;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (getsockname(evhttp_bound_socket_get_fd(socket), (struct sockaddr *)&address, &len) != 0)
        return 0;
    if (address.ss_family == AF_INET6) {
        memcpy(&v6, &address, sizeof v6);
        return ntohs(v6.sin6_port);
    }
    memcpy(&v4, &address, sizeof v4);
    return ntohs(v4.sin_port);
}

struct err *http_plain_new(struct arena *a, const struct http_plain_options *options,
                           struct http_plain **ret)
{
    struct http_plain *h = calloc(1, sizeof *h);
    struct evhttp_bound_socket *socket;

    if (!h)
        abort();
    h->options = *options;
    h->server = evhttp_new(options->base);
    if (!h->server)
        abort();
    evhttp_set_allowed_methods(h->server, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_timeout(h->server, IDLE_TIMEOUT_S);
    evhttp_set_max_headers_size(h->server, 16 * 1024);
    evhttp_set_max_body_size(h->server, 1024);
    evhttp_set_gencb(h->server, answer, h);
    socket = evhttp_bind_socket_with_handle(h->server, str_cstr(a, options->host), options->port);
    if (!socket) {
        struct err *e = err_new(a, ERR_IO, "could not listen on %.*s:%u: %s",
                                STR_ARG(options->host), (unsigned)options->port, strerror(errno));

        http_plain_free(h);
        return e;
    }
    h->port = bound_port(socket);
    *ret = h;
    return NULL;
}

uint16_t http_plain_port(const struct http_plain *h)
{
    return h->port;
}

void http_plain_free(struct http_plain *h)
{
    if (!h)
        return;
    evhttp_free(h->server);
    free(h);
}
