/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/reactor/reactor.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct reactor {
    struct event_base *base;
    struct event *stop; /* becomes readable when the loop shall end */
    int stop_fd;
    pthread_t thread;
    bool running;
};

static void on_stop(evutil_socket_t fd, short what, void *arg)
{
    struct reactor *r = arg;

    (void)fd;
    (void)what;
    event_base_loopbreak(r->base);
}

struct reactor *reactor_new(void)
{
    struct reactor *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    r->base = event_base_new();
    if (r->base && r->stop_fd >= 0)
        r->stop = event_new(r->base, r->stop_fd, EV_READ, on_stop, r);
    if (!r->stop || event_add(r->stop, NULL) != 0) {
        reactor_free(r);
        return NULL;
    }
    return r;
}

struct event_base *reactor_base(struct reactor *r)
{
    return r->base;
}

static void *reactor_main(void *arg)
{
    struct reactor *r = arg;

    (void)event_base_loop(r->base, EVLOOP_NO_EXIT_ON_EMPTY);
    return NULL;
}

bool reactor_start(struct reactor *r)
{
    r->running = pthread_create(&r->thread, NULL, reactor_main, r) == 0;
    return r->running;
}

void reactor_stop(struct reactor *r)
{
    uint64_t one = 1;

    if (!r || !r->running)
        return;
    if (write(r->stop_fd, &one, sizeof one) != (ssize_t)sizeof one)
        abort(); /* an eventfd that is not full takes eight bytes */
    (void)pthread_join(r->thread, NULL);
    r->running = false;
}

void reactor_free(struct reactor *r)
{
    if (!r)
        return;
    if (r->stop)
        event_free(r->stop);
    if (r->base)
        event_base_free(r->base);
    if (r->stop_fd >= 0)
        (void)close(r->stop_fd);
    free(r);
}
