/* SPDX-License-Identifier: Apache-2.0 */
#include "app/engine/inbox.h"

void inbox_init(struct inbox *b)
{
    pthread_condattr_t attr;

    *b = (struct inbox){ .first = NULL };
    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&b->filled, &attr);
    (void)pthread_condattr_destroy(&attr);
}

void inbox_done(struct inbox *b)
{
    while (b->first) {
        struct message *m = b->first;

        b->first = m->next;
        arena_free(m->arena);
    }
    (void)pthread_mutex_destroy(&b->lock);
    (void)pthread_cond_destroy(&b->filled);
}

struct message *message_new(enum message_kind kind, struct feed *feed)
{
    struct arena *a = arena_new(0);
    struct message *m = ARENA_NEW(a, struct message);

    m->kind = kind;
    m->arena = a;
    m->feed = feed;
    return m;
}

void inbox_post(struct inbox *b, struct message *m)
{
    m->next = NULL;
    (void)pthread_mutex_lock(&b->lock);
    if (b->last)
        b->last->next = m;
    else
        b->first = m;
    b->last = m;
    (void)pthread_cond_signal(&b->filled);
    (void)pthread_mutex_unlock(&b->lock);
}

struct message *inbox_take(struct inbox *b, struct mono_time deadline)
{
    struct timespec until = { .tv_sec = deadline.ns / NS_PER_S, .tv_nsec = deadline.ns % NS_PER_S };
    struct message *all;

    (void)pthread_mutex_lock(&b->lock);
    while (!b->first && pthread_cond_timedwait(&b->filled, &b->lock, &until) == 0)
        ;
    all = b->first;
    b->first = b->last = NULL;
    (void)pthread_mutex_unlock(&b->lock);
    return all;
}
