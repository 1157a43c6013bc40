/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/frame.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

enum {
    HEADER_BYTES = 5,
    TICK_MS = 100, /* how often cancellation is looked at */
};

void frame_begin(struct buf *out, struct arena *a, enum frame_kind kind)
{
    buf_init(out, a, 0);
    pack_u32(out, 0); /* frame_send fills it in */
    pack_byte(out, (uint8_t)kind);
}

void frame_put_error(struct buf *out, struct arena *a, const struct err *e)
{
    pack_byte(out, (uint8_t)e->code);
    pack_str(out, err_line(a, e));
}

struct err *frame_take_error(struct arena *a, struct unpack *body)
{
    uint8_t code = unpack_byte(body);
    struct str text = unpack_str(body);

    if (body->bad || code >= ERR_CODE_COUNT)
        return err_new(a, ERR_INTERNAL, "an error that cannot be read");
    return err_new(a, (enum err_code)code, "%.*s", STR_ARG(text));
}

static int64_t now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

/* Until the descriptor is ready, or there is a reason not to wait any longer. */
static struct err *await(int fd, struct run *r, short events)
{
    struct pollfd p = { .fd = fd, .events = events };

    for (;;) {
        int64_t left_ms = (r->deadline.ns - now_ns()) / NS_PER_MS + 1;
        int tick = left_ms < TICK_MS ? (int)left_ms : TICK_MS;

        if (run_is_cancelled(r))
            return err_new(r->arena, ERR_CANCELLED, "the build was cancelled");
        if (tick <= 0)
            return err_new(r->arena, ERR_TIMEOUT, "the build did not end before its deadline");
        if (poll(&p, 1, tick) > 0)
            return NULL;
    }
}

/* What to do after a call that moved nothing: NULL to try again. */
static struct err *explain(int fd, struct run *r, ssize_t n, short events)
{
    if (n < 0 && errno == EINTR)
        return NULL;
    if (n < 0 && errno == EAGAIN)
        return await(fd, r, events);
    if (n == 0 || errno == EPIPE || errno == ECONNRESET)
        return err_new(r->arena, ERR_GONE, "the other side has closed");
    return err_new(r->arena, ERR_IO, "could not use the socket");
}

struct err *frame_send(int fd, struct run *r, struct buf *message)
{
    size_t body = message->len - HEADER_BYTES;
    uint32_t len = (uint32_t)body;
    struct str rest = buf_str(message);
    struct err *e;

    if (body > UINT32_MAX)
        return err_new(r->arena, ERR_TOO_LARGE, "a message of %zu bytes cannot be sent", body);
    memcpy(message->ptr, &len, sizeof len);
    while (rest.len > 0) {
        ssize_t n = send(fd, rest.ptr, rest.len, MSG_NOSIGNAL);

        if (n > 0)
            rest = str_skip(rest, (size_t)n);
        else if (TRY(&e, explain(fd, r, n, POLLOUT)))
            return e;
    }
    return NULL;
}

static struct err *receive_bytes(int fd, struct run *r, char *to, size_t size)
{
    struct err *e;

    while (size > 0) {
        ssize_t n = recv(fd, to, size, 0);

        if (n > 0) {
            to += n;
            size -= (size_t)n;
        } else if (TRY(&e, explain(fd, r, n, POLLIN))) {
            return e;
        }
    }
    return NULL;
}

struct err *frame_receive(int fd, struct run *r, size_t max, struct frame *ret)
{
    char header[HEADER_BYTES], *body;
    uint32_t len;
    struct err *e;

    if (TRY(&e, receive_bytes(fd, r, header, sizeof header)))
        return e;
    memcpy(&len, header, sizeof len);
    if (len > max)
        return err_new(r->arena, ERR_TOO_LARGE, "a message of %u bytes is larger than %zu", len,
                       max);
    body = arena_alloc(r->arena, len);
    if (TRY(&e, receive_bytes(fd, r, body, len)))
        return e;
    *ret = (struct frame){
        .kind = (enum frame_kind)(unsigned char)header[HEADER_BYTES - 1],
        .body = { .arena = r->arena, .rest = str_of(body, len) },
    };
    return NULL;
}
