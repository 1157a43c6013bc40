/* SPDX-License-Identifier: Apache-2.0 */
#include "app/control/watching.h"

#include <pthread.h>

#include "app/control/readiness.h"
#include "base/map.h"

struct change {
    struct change *next;
    struct arena *arena; /* holds this and the object */
    const struct val *object;
    bool gone;
};

/* Between the adapter's thread and ours. */
struct inbound {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct change *first; /* under lock, as all below */
    struct change *last;
    struct arena *home;
    struct err *err;
    bool ended;
};

static void inbound_init(struct inbound *b, struct arena *a)
{
    pthread_condattr_t attr;

    *b = (struct inbound){ .home = a };
    (void)pthread_mutex_init(&b->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&b->filled, &attr);
    (void)pthread_condattr_destroy(&attr);
}

static void inbound_done(struct inbound *b)
{
    while (b->first) {
        struct change *c = b->first;

        b->first = c->next;
        arena_free(c->arena);
    }
    (void)pthread_mutex_destroy(&b->lock);
    (void)pthread_cond_destroy(&b->filled);
}

static void take_event(void *self, enum cluster_event event, const struct val *object,
                       const struct err *e)
{
    struct inbound *b = self;
    struct change *c = NULL;

    if (event == CLUSTER_BOOKMARK)
        return;
    if (event != CLUSTER_WATCH_ENDED) {
        struct arena *a = arena_new(0);

        c = ARENA_NEW(a, struct change);
        *c = (struct change){ .arena = a,
                              .object = val_copy(a, object),
                              .gone = event == CLUSTER_DELETED };
    }
    (void)pthread_mutex_lock(&b->lock);
    if (!c) {
        b->ended = true;
        b->err = e ? err_copy(b->home, e) : NULL;
    } else if (b->last) {
        b->last = b->last->next = c;
    } else {
        b->first = b->last = c;
    }
    (void)pthread_cond_signal(&b->filled);
    (void)pthread_mutex_unlock(&b->lock);
}

/* The oldest change; NULL: the watch ended (*ret_ended) or the deadline came. */
static struct change *next_change(struct inbound *b, struct mono_time deadline, bool *ret_ended)
{
    struct timespec until = { .tv_sec = deadline.ns / NS_PER_S, .tv_nsec = deadline.ns % NS_PER_S };
    struct change *c;

    (void)pthread_mutex_lock(&b->lock);
    while (!b->first && !b->ended && pthread_cond_timedwait(&b->filled, &b->lock, &until) == 0)
        ;
    c = b->first;
    if (c)
        b->first = c->next;
    if (!b->first)
        b->last = NULL;
    *ret_ended = !c && b->ended;
    (void)pthread_mutex_unlock(&b->lock);
    return c;
}

struct course {
    const struct cluster *cluster;
    const struct cluster_selector *sel;
    const struct watching *watching;
    struct arena *home;
    struct map versions; /* namespace/name -> struct known: what was told last */
    bool listed;
};

struct known {
    struct str version;
};

/* False when this state of the object was told already. */
static bool is_new(struct course *c, const struct val *object)
{
    struct str version = val_at_str(object, "metadata.resourceVersion");
    struct str key = str_printf(c->home, "%.*s/%.*s",
                                STR_ARG(val_at_str(object, "metadata.namespace")),
                                STR_ARG(val_at_str(object, "metadata.name")));
    struct known *known = map_get(&c->versions, key);

    if (known && version.len > 0 && str_eq(known->version, version))
        return false;
    if (!known) {
        known = ARENA_NEW(c->home, struct known);
        map_set(&c->versions, key, known);
    }
    known->version = str_dup(c->home, version);
    return true;
}

static void tell_list(struct course *c, struct run *r, const struct cluster_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_new(c, list->items[i]) && c->listed)
            c->watching->changed(c->watching->self, r, list->items[i], false);
    if (!c->listed)
        c->watching->listed(c->watching->self, r, list);
    c->listed = true;
}

/* One list and the watch after it. *ret_again: the server ended it, as servers do now and then. */
static struct err *follow(struct course *c, struct run *r, bool *ret_again)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct run own = { .arena = a, .deadline = r->deadline, .cancelled = r->cancelled };
    struct cluster_watch *watch;
    struct cluster_list list;
    struct inbound inbound;
    struct cluster_watcher watcher = { .on_event = take_event, .self = &inbound };
    struct change *change;
    bool ended = false;
    struct err *e;

    *ret_again = false;
    if (TRY(&e, cluster_list_all(c->cluster, &own, c->sel, &list)))
        return err_copy(r->arena, e);
    tell_list(c, &own, &list);
    inbound_init(&inbound, a);
    e = cluster_watch_open(c->cluster, &own, c->sel, list.resource_version, &watcher, &watch);
    while (!e && !run_is_cancelled(r) &&
           (change = next_change(&inbound, r->deadline, &ended)) != NULL) {
        struct run at = { .arena = change->arena,
                          .deadline = r->deadline,
                          .cancelled = r->cancelled };

        if (is_new(c, change->object) || change->gone)
            c->watching->changed(c->watching->self, &at, change->object, change->gone);
        arena_free(change->arena);
    }
    if (!e)
        cluster_watch_close(c->cluster, watch);
    *ret_again = ended && (!inbound.err || inbound.err->code == ERR_GONE);
    if (!e && ended && !*ret_again)
        e = inbound.err;
    e = e ? err_copy(r->arena, e) : NULL;
    inbound_done(&inbound);
    return e;
}

struct err *watching_run(const struct cluster *cluster, const struct clock *clock, struct run *r,
                         const struct cluster_selector *sel, const struct watching *watching)
{
    ARENA_AUTO struct arena *home = arena_new(0);
    struct course c = { .cluster = cluster, .sel = sel, .watching = watching, .home = home };
    bool again = true;
    struct err *e = NULL;

    map_init(&c.versions, home);
    while (!e && again) {
        e = follow(&c, r, &again);
        if (!e && again)
            readiness_pause(
                clock); /* a server that ends each watch at once is not asked in a loop */
    }
    return e;
}
