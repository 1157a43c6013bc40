/* SPDX-License-Identifier: Apache-2.0 */
/* An open watch: the server puts frames into the box from its thread, the loop takes them out. */
#include <stdlib.h>

#include "adapters/apiserver_http/http_state.h"

struct stream *stream_new(struct apiserver_http *h)
{
    struct stream *s = calloc(1, sizeof *s);

    if (!s)
        abort();
    (void)pthread_mutex_init(&s->lock, NULL);
    s->refs = 1;
    s->h = h;
    return s;
}

void stream_unref(struct stream *s)
{
    bool last;

    pthread_mutex_lock(&s->lock);
    last = --s->refs == 0;
    pthread_mutex_unlock(&s->lock);
    if (!last)
        return;
    (void)pthread_mutex_destroy(&s->lock);
    free(s->box);
    free(s);
}

/* Under the lock; true: the caller pushes it, and the list holds a reference. */
static bool mark_dirty(struct stream *s)
{
    if (s->queued)
        return false;
    s->queued = true;
    s->refs++;
    return true;
}

static bool box_put(struct stream *s, struct str bytes)
{
    if (s->frames >= LIMIT_WATCH_BACKLOG || s->len + bytes.len > STREAM_BOX_BYTES_MAX)
        return false;
    if (s->len + bytes.len > s->cap) {
        size_t cap = (s->len + bytes.len) * 2;
        char *grown = realloc(s->box, cap);

        if (!grown)
            return false;
        s->box = grown;
        s->cap = cap;
    }
    memcpy(s->box + s->len, bytes.ptr, bytes.len);
    s->len += bytes.len;
    s->frames++;
    return true;
}

static bool sink_frame(void *self, struct str bytes)
{
    struct stream *s = self;
    bool push = false;
    bool ok;

    pthread_mutex_lock(&s->lock);
    ok = !s->closed && box_put(s, bytes);
    if (ok)
        push = mark_dirty(s);
    pthread_mutex_unlock(&s->lock);
    if (push)
        dirty_push(s->h, s);
    return ok;
}

static void sink_ended(void *self)
{
    struct stream *s = self;
    bool push;

    pthread_mutex_lock(&s->lock);
    s->ended = true;
    push = mark_dirty(s);
    pthread_mutex_unlock(&s->lock);
    if (push)
        dirty_push(s->h, s);
}

struct api_watch_sink stream_sink(struct stream *s)
{
    return (struct api_watch_sink){ .frame = sink_frame, .ended = sink_ended, .self = s };
}

static void put_chunk(struct evbuffer *out, const char *bytes, size_t len)
{
    (void)evbuffer_add_printf(out, "%zx\r\n", len);
    (void)evbuffer_add(out, bytes, len);
    (void)evbuffer_add(out, "\r\n", 2);
}

void stream_flush(struct stream *s)
{
    struct conn *c = s->conn;
    struct evbuffer *out = c ? bufferevent_get_output(c->bev) : NULL;
    bool ended;

    if (!c || evbuffer_get_length(out) > STREAM_OUTPUT_BYTES)
        return; /* not attached yet, or the write callback comes back for it */
    pthread_mutex_lock(&s->lock);
    if (s->len)
        put_chunk(out, s->box, s->len);
    free(s->box); /* idle watches hold nothing */
    s->box = NULL;
    s->len = s->cap = s->frames = 0;
    ended = s->ended;
    pthread_mutex_unlock(&s->lock);
    if (!ended)
        return;
    (void)evbuffer_add(out, "0\r\n\r\n", 5);
    c->stream = NULL;
    c->closing = true; /* clients open watches anew, so the connection need not be kept */
    stream_close(s);
    if (evbuffer_get_length(out) == 0)
        conn_free(c);
}

void stream_close(struct stream *s)
{
    struct job *job = job_new(JOB_CLOSE_WATCH);

    s->conn = NULL;
    pthread_mutex_lock(&s->lock);
    s->closed = true;
    pthread_mutex_unlock(&s->lock);
    job->stream = s; /* the loop's reference goes with it */
    job_submit(s->h, job);
}
