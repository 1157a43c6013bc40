/* SPDX-License-Identifier: Apache-2.0 */
/* The way back to the loop: lists under a lock, and an eventfd that wakes it. */
#include <stdlib.h>
#include <unistd.h>

#include "adapters/apiserver_http/http_state.h"

static void wake(struct apiserver_http *h)
{
    uint64_t one = 1;

    if (write(h->done_fd, &one, sizeof one) != (ssize_t)sizeof one)
        abort(); /* it would take 2^64 wakes that nobody read */
}

void done_push(struct apiserver_http *h, struct job *job)
{
    bool was_empty;

    pthread_mutex_lock(&h->done_lock);
    was_empty = !h->done && !h->dirty;
    job->next = h->done;
    h->done = job;
    pthread_mutex_unlock(&h->done_lock);
    if (was_empty)
        wake(h);
}

/* The list holds a reference. */
void dirty_push(struct apiserver_http *h, struct stream *s)
{
    bool was_empty;

    pthread_mutex_lock(&h->done_lock);
    was_empty = !h->done && !h->dirty;
    s->next_dirty = h->dirty;
    h->dirty = s;
    pthread_mutex_unlock(&h->done_lock);
    if (was_empty)
        wake(h);
}

void done_handle(evutil_socket_t fd, short what, void *arg)
{
    struct apiserver_http *h = arg;
    struct job *done;
    struct job *in_order = NULL;
    struct stream *dirty;
    uint64_t count;

    (void)what;
    if (read(fd, &count, sizeof count) < 0)
        return;
    pthread_mutex_lock(&h->done_lock);
    done = h->done;
    dirty = h->dirty;
    h->done = NULL;
    h->dirty = NULL;
    pthread_mutex_unlock(&h->done_lock);
    while (done) {
        struct job *next = done->next;

        done->next = in_order;
        in_order = done;
        done = next;
    }
    while (in_order) {
        struct job *next = in_order->next;

        conn_answer(in_order);
        in_order = next;
    }
    while (dirty) {
        struct stream *next = dirty->next_dirty;

        pthread_mutex_lock(&dirty->lock);
        dirty->queued = false;
        pthread_mutex_unlock(&dirty->lock);
        stream_flush(dirty);
        stream_unref(dirty);
        dirty = next;
    }
}
