/* SPDX-License-Identifier: Apache-2.0 */
/* One client: reads requests one after the other, hands each to the workers, writes what comes back. */
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <unistd.h>

#include "adapters/apiserver_http/http_state.h"
#include "base/vec.h"

/* What may be in the input at once: a head, or a slice of a body. */
enum { INPUT_BYTES_MAX = HEAD_BYTES_MAX + 64 * 1024, BODY_SLICE = 256 * 1024 };

static void set_timeout(struct conn *c, time_t seconds)
{
    struct timeval t = { .tv_sec = seconds };

    (void)bufferevent_set_timeouts(c->bev, seconds ? &t : NULL, NULL);
}

static void release_body(struct conn *c)
{
    c->h->bodies -= c->body_held;
    c->body_held = 0;
}

void conn_free(struct conn *c)
{
    release_body(c);
    if (c->waiting)
        c->waiting->conn = NULL; /* the answer will find nobody */
    if (c->stream)
        stream_close(c->stream);
    if (c->reading)
        arena_free(c->reading->arena);
    if (c->body)
        evbuffer_free(c->body);
    *c->at = c->next;
    if (c->next)
        c->next->at = c->at;
    c->h->conn_count--;
    bufferevent_free(c->bev);
    free(c->peer_name);
    free(c->peer_groups);
    free(c);
}

/*
 * Answers and closes. The client may be in the middle of a body, and closing on unread bytes would reset the
 * connection before it has read the answer; so we go on reading for a moment and drop what comes.
 */
static void refuse(struct conn *c, int status, struct str message)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct str text = answer_refusal(a, status, message);

    c->closing = true;
    c->lingering = true;
    (void)bufferevent_write(c->bev, text.ptr, text.len);
}

static void copy_peer(struct conn *c, struct job *job)
{
    struct str rest = str_dup(job->arena, str_from_cstr(c->peer_groups));
    struct str group;
    VEC(struct str) groups = VEC_INIT;

    if (!c->peer_name)
        return;
    while (rest.len && str_cut(&rest, '\n', &group))
        *VEC_PUSH(job->arena, &groups) = group;
    job->peer = (struct api_user){ .name = str_dup(job->arena, str_from_cstr(c->peer_name)),
                                   .groups = groups.items,
                                   .group_count = groups.count };
}

static void submit(struct conn *c)
{
    struct job *job = c->reading;
    size_t size = evbuffer_get_length(c->body);
    char *bytes = arena_alloc(job->arena, size);

    (void)evbuffer_remove(c->body, bytes, size);
    job->body = str_of(bytes, size);
    copy_peer(c, job);
    job->conn = c;
    c->reading = NULL;
    c->waiting = job;
    set_timeout(c, 0);
    job_submit(c->h, job);
}

/* ---- bodies ---- */

/* True: the body is whole. */
static bool read_plain(struct conn *c, struct evbuffer *in)
{
    size_t n = evbuffer_get_length(in);

    if (n > c->body_left)
        n = (size_t)c->body_left;
    c->body_left -= n;
    (void)evbuffer_remove_buffer(in, c->body, n);
    return c->body_left == 0;
}

static bool read_chunks(struct conn *c, struct evbuffer *in)
{
    for (;;) {
        size_t have = evbuffer_get_length(in);
        size_t skip;
        size_t data;
        const char *bytes;

        if (c->chunks.state == CHUNK_DONE || c->chunks.state == CHUNK_BAD || !have)
            return c->chunks.state == CHUNK_DONE;
        if (have > BODY_SLICE)
            have = BODY_SLICE;
        bytes = (const char *)evbuffer_pullup(in, (ev_ssize_t)have);
        if (!bytes)
            return false;
        chunk_next(&c->chunks, str_of(bytes, have), &skip, &data);
        (void)evbuffer_drain(in, skip);
        (void)evbuffer_remove_buffer(in, c->body, data);
        if (!skip && !data)
            return false;
        if (evbuffer_get_length(c->body) > BODY_BYTES_MAX)
            return false;
    }
}

static void read_body(struct conn *c, struct evbuffer *in)
{
    bool whole = c->reading->head.chunked ? read_chunks(c, in) : read_plain(c, in);

    if (evbuffer_get_length(c->body) > BODY_BYTES_MAX)
        refuse(c, 413, STR("Request entity too large: limit is 3145728"));
    else if (c->chunks.state == CHUNK_BAD)
        refuse(c, 400, STR("malformed chunk"));
    else if (whole)
        submit(c);
}

/* ---- heads ---- */

/* A body is read only for who may be let in, and only while all bodies together fit. */
static void admit_body(struct conn *c, const struct http_head *head)
{
    uint64_t size = head->chunked ? BODY_BYTES_MAX : head->content_length;

    if (!size)
        return;
    if (!c->peer_name && !head->authorization.len && !path_is_public(head->path)) {
        refuse(c, 401, STR("Unauthorized"));
    } else if (head->content_length > BODY_BYTES_MAX) {
        refuse(c, 413, STR("Request entity too large: limit is 3145728"));
    } else if (c->h->bodies + size > BODIES_BYTES_MAX) {
        refuse(c, 503, STR("too many requests with large bodies, please try again later"));
    } else {
        c->h->bodies += size;
        c->body_held = size;
        if (head->expects_continue)
            (void)bufferevent_write(c->bev, "HTTP/1.1 100 Continue\r\n\r\n", 25);
    }
}

static void begin(struct conn *c, struct evbuffer *in, size_t head_len)
{
    struct job *job = job_new(JOB_REQUEST);
    char *text = arena_alloc(job->arena, head_len);
    int status;

    (void)evbuffer_remove(in, text, head_len);
    status = http_head_parse(job->arena, str_of(text, head_len), &job->head);
    c->reading = job;
    c->chunks = (struct chunk_reader){ .state = CHUNK_SIZE };
    c->body_left = job->head.content_length;
    if (status)
        refuse(c, status, STR("malformed request"));
    else
        admit_body(c, &job->head);
}

static void read_head(struct conn *c, struct evbuffer *in)
{
    struct evbuffer_ptr end;
    size_t n;

    /* Empty lines before a request are to be ignored. */
    while (evbuffer_get_length(in) >= 2 && memcmp(evbuffer_pullup(in, 2), "\r\n", 2) == 0)
        (void)evbuffer_drain(in, 2);
    end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
    n = evbuffer_get_length(in);
    if (end.pos >= 0 && (size_t)end.pos + 4 <= HEAD_BYTES_MAX)
        begin(c, in, (size_t)end.pos + 4);
    else if (end.pos >= 0 || n > HEAD_BYTES_MAX)
        refuse(c, 431, STR("request header too large"));
    else if (n)
        set_timeout(c, INPUT_SECONDS);
}

static void on_read(struct bufferevent *bev, void *arg)
{
    struct conn *c = arg;
    struct evbuffer *in = bufferevent_get_input(bev);

    if (c->lingering) {
        c->dropped += evbuffer_get_length(in);
        (void)evbuffer_drain(in, evbuffer_get_length(in));
        if (c->dropped > LINGER_BYTES_MAX)
            conn_free(c);
        return;
    }
    if (c->closing || c->waiting || c->stream)
        return; /* what comes early waits in the input, which is bounded */
    if (!c->reading)
        read_head(c, in);
    if (c->reading && !c->closing)
        read_body(c, in);
}

/* Everything in the output was written. */
static void on_written(struct bufferevent *bev, void *arg)
{
    struct conn *c = arg;

    if (evbuffer_get_length(bufferevent_get_output(bev)) > 0)
        return;
    if (c->stream) {
        stream_flush(c->stream);
    } else if (c->lingering) {
        (void)SSL_shutdown(bufferevent_openssl_get_ssl(bev));
        (void)shutdown(bufferevent_getfd(bev), SHUT_WR);
        set_timeout(c, LINGER_SECONDS);
    } else if (c->closing) {
        conn_free(c);
    }
}

static void on_event(struct bufferevent *bev, short what, void *arg)
{
    struct conn *c = arg;

    if (what & BEV_EVENT_CONNECTED) {
        int one = 1;

        c->handshaken = true;
        /* We have nothing to say yet, so the client's last flight would be acknowledged late, and a client that
         * does not set TCP_NODELAY would hold its request back for that: 40 ms a connection. */
        (void)setsockopt(bufferevent_getfd(bev), IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
        (void)tls_peer(bufferevent_openssl_get_ssl(bev), &c->peer_name, &c->peer_groups);
        return;
    }
    if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT))
        conn_free(c);
}

static void free_arena(const void *data, size_t len, void *extra)
{
    (void)data;
    (void)len;
    arena_free(extra);
}

void conn_answer(struct job *job)
{
    struct conn *c = job->conn;
    struct evbuffer *out;

    if (!c) {
        if (job->stream)
            stream_close(job->stream);
        arena_free(job->arena);
        return;
    }
    release_body(c);
    c->waiting = NULL;
    c->stream = job->stream;
    if (c->stream)
        c->stream->conn = c;
    else
        c->closing = !job->keep_alive;
    out = bufferevent_get_output(c->bev);
    /* The answer's memory goes when its last byte is written. */
    (void)evbuffer_add_reference(out, job->answer.ptr, job->answer.len, free_arena, job->arena);
    if (c->stream) {
        stream_flush(c->stream);
    } else if (!c->closing) {
        set_timeout(c, IDLE_SECONDS);
        on_read(c->bev, c); /* a next request may be here already */
    }
}

void conn_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *address, int len,
                 void *arg)
{
    struct apiserver_http *h = arg;
    struct conn *c = h->conn_count < LIMIT_HTTP_CONNECTIONS ? calloc(1, sizeof *c) : NULL;
    SSL *ssl = c ? SSL_new(h->tls) : NULL;
    int one = 1;

    (void)l;
    (void)address;
    (void)len;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (ssl)
        c->bev = bufferevent_openssl_socket_new(h->options.base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING,
                                                BEV_OPT_CLOSE_ON_FREE);
    if (!c || !c->bev) {
        SSL_free(ssl);
        free(c);
        (void)close(fd);
        return;
    }
    c->h = h;
    c->body = evbuffer_new();
    c->next = h->conns;
    c->at = &h->conns;
    if (c->next)
        c->next->at = &c->next;
    h->conns = c;
    h->conn_count++;
    bufferevent_openssl_set_allow_dirty_shutdown(c->bev, 1);
    bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
    bufferevent_setwatermark(c->bev, EV_READ, 0, INPUT_BYTES_MAX);
    set_timeout(c, INPUT_SECONDS);
    (void)bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}
