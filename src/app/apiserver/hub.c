/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/hub.h"

#include "app/apiserver/watch.h"

enum {
    HUB_BATCH = 256,   /* events read at a time */
    HUB_TICK_MS = 500, /* how late bookmarks and ends may be */
    HUB_STACK = 256 * 1024,
};

struct hub {
    struct apiserver *s;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    pthread_t thread;
    bool stopping;    /* under lock, as all below */
    bool wake;        /* something was committed */
    int64_t position; /* every event up to here was dispatched */
    struct api_watch *watches;
    bool running; /* the starter's, away from what the lock guards */
};

struct hub *hub_new(struct apiserver *s)
{
    struct hub *h = ARENA_NEW(s->home, struct hub);
    pthread_condattr_t attr;

    h->s = s;
    (void)pthread_mutex_init(&h->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&h->woken, &attr);
    (void)pthread_condattr_destroy(&attr);
    return h;
}

void hub_wake(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->wake = true;
    pthread_cond_signal(&h->woken);
    pthread_mutex_unlock(&h->lock);
}

/* ---- under the lock ---- */

static void unlink_watch(struct hub *h, const struct api_watch *w)
{
    for (struct api_watch **at = &h->watches; *at; at = &(*at)->next) {
        if (*at == w) {
            *at = w->next;
            return;
        }
    }
}

/* The sink's last call; the watch stays its opener's until it is closed. */
static void end_watch(struct hub *h, struct api_watch *w)
{
    unlink_watch(h, w);
    w->ended = true;
    w->sink.ended(w->sink.self);
}

static void dispatch(struct hub *h, struct arena *scratch, const struct store_events *events)
{
    struct watch_frame last = { 0 };

    for (size_t i = 0; i < events->count; i++) {
        const struct store_event *event = &events->items[i];

        for (struct api_watch *w = h->watches, *next; w; w = next) {
            next = w->next;
            if (event->revision > w->revision && !watch_event(w, scratch, event, &last))
                end_watch(h, w);
            else if (event->revision > w->revision)
                w->revision = event->revision;
        }
        h->position = event->revision;
    }
}

static void end_all(struct hub *h, struct arena *scratch, const struct err *e)
{
    while (h->watches) {
        struct api_watch *w = h->watches;

        if (e)
            (void)watch_error(w, scratch, e);
        end_watch(h, w);
    }
}

static void tick(struct hub *h, struct arena *scratch)
{
    struct mono_time now = clock_mono(&h->s->clock);

    for (struct api_watch *w = h->watches, *next; w; w = next) {
        next = w->next;
        if (w->ends.ns <= now.ns)
            end_watch(h, w);
        else if (w->options.bookmarks && w->bookmark_at.ns <= now.ns &&
                 !watch_bookmark(w, scratch, h->position, false))
            end_watch(h, w);
    }
}

/* ---- the thread ---- */

/* One batch; true: there may be more. The lock is given up while the store is read. */
static bool pump(struct hub *h, struct run *r)
{
    struct store_since since = { .after = h->position, .limit = HUB_BATCH };
    struct store_events events = { 0 };
    struct err *e;

    if (!h->watches) { /* nobody looks: whoever joins later catches up by itself */
        h->position = h->s->store.ops->revision(h->s->store.self);
        return false;
    }
    pthread_mutex_unlock(&h->lock);
    e = h->s->store.ops->changes(h->s->store.self, r, &since, &events);
    pthread_mutex_lock(&h->lock);
    if (e && e->code == ERR_GONE) {
        h->position = h->s->store.ops->revision(h->s->store.self);
        end_all(h, r->arena,
                status_expired(r->arena, "too old resource version: %lld (%lld)",
                               (long long)since.after, (long long)h->position));
        return true;
    }
    if (!e)
        dispatch(h, r->arena, &events);
    return events.count == HUB_BATCH;
}

static void wait_woken(struct hub *h)
{
    struct mono_time until = mono_add_ns(clock_mono(&h->s->clock), HUB_TICK_MS * NS_PER_MS);
    struct timespec t = { .tv_sec = until.ns / NS_PER_S, .tv_nsec = until.ns % NS_PER_S };

    if (h->wake || h->stopping)
        return;
    if (h->watches)
        (void)pthread_cond_timedwait(&h->woken, &h->lock, &t);
    else
        (void)pthread_cond_wait(&h->woken, &h->lock);
}

static void *hub_main(void *arg)
{
    struct hub *h = arg;
    struct arena *scratch = arena_new(0);
    struct run r = { .arena = scratch, .deadline = MONO_NEVER };

    pthread_mutex_lock(&h->lock);
    while (!h->stopping) {
        wait_woken(h);
        if (h->wake) {
            h->wake = false;
            h->wake = pump(h, &r) || h->wake;
        }
        tick(h, scratch);
        arena_reset(scratch);
    }
    end_all(h, scratch, NULL);
    pthread_mutex_unlock(&h->lock);
    arena_free(scratch);
    return NULL;
}

bool hub_start(struct hub *h)
{
    pthread_attr_t attr;

    /* What was written before, the first objects of a new cluster, is nobody's to see. */
    h->position = h->s->store.ops->revision(h->s->store.self);
    (void)pthread_attr_init(&attr);
    (void)pthread_attr_setstacksize(&attr, HUB_STACK);
    h->running = pthread_create(&h->thread, &attr, hub_main, h) == 0;
    (void)pthread_attr_destroy(&attr);
    return h->running;
}

void hub_stop(struct hub *h)
{
    if (h->running) {
        pthread_mutex_lock(&h->lock);
        h->stopping = true;
        pthread_cond_signal(&h->woken);
        pthread_mutex_unlock(&h->lock);
        (void)pthread_join(h->thread, NULL);
        h->running = false;
    }
    (void)pthread_cond_destroy(&h->woken);
    (void)pthread_mutex_destroy(&h->lock);
}

/* ---- opening, on the caller's thread ---- */

static struct err *send_initial(struct call *c, struct api_watch *w, bool *ret_gone)
{
    struct store_range range = { .resource = w->store_key, .ns = w->ns };
    struct store_rows rows = { 0 };
    struct err *e;

    if (TRY(&e, c->s->store.ops->list(c->s->store.self, c->r, &range, &rows)))
        return e;
    w->revision = rows.revision;
    for (size_t i = 0; i < rows.count && !*ret_gone; i++)
        *ret_gone = !watch_initial(w, c->a, &rows.items[i]);
    if (w->options.bookmarks && !*ret_gone)
        *ret_gone = !watch_bookmark(w, c->a, rows.revision, true);
    return NULL;
}

/* Hands over what happened since w->revision, up to `target` at least. Errors live in c->a. */
static struct err *catch_up(struct call *c, struct api_watch *w, int64_t target, bool *ret_gone)
{
    ARENA_AUTO struct arena *scratch = arena_new(0);
    struct run r = { .arena = scratch, .deadline = MONO_NEVER };
    struct store_since since = { .resource = w->store_key,
                                 .after = w->revision,
                                 .limit = HUB_BATCH };
    struct store_events events = { 0 };
    struct watch_frame last = { 0 };
    struct err *e;

    if (TRY(&e, c->s->store.ops->changes(c->s->store.self, &r, &since, &events)))
        return err_copy(c->a, e);
    for (size_t i = 0; i < events.count && !*ret_gone; i++) {
        *ret_gone = !watch_event(w, scratch, &events.items[i], &last);
        w->revision = events.items[i].revision;
    }
    if (events.count < HUB_BATCH && w->revision < target)
        w->revision = target;
    return NULL;
}

/* Joins the hub where everything the hub has dispatched was handed over already. */
static bool join(struct hub *h, struct api_watch *w, int64_t *ret_target)
{
    bool joined = false;

    pthread_mutex_lock(&h->lock);
    *ret_target = h->position;
    if (w->revision >= h->position && !h->stopping) {
        w->next = h->watches;
        h->watches = w;
        pthread_cond_signal(&h->woken); /* it may be waiting without a tick */
        joined = true;
    }
    pthread_mutex_unlock(&h->lock);
    return joined;
}

struct err *hub_open(struct hub *h, struct call *c, const struct api_watch_sink *sink,
                     struct api_watch **ret)
{
    struct list_options options = { 0 };
    struct api_watch *w;
    bool gone = false;
    int64_t target;
    struct err *e;

    if (TRY(&e, list_options_parse(c, &options)))
        return e;
    w = watch_new(c, &options, sink);
    if (!w)
        return status_no_resource(c->a);
    w->revision = options.version ? options.version : c->s->store.ops->revision(c->s->store.self);
    if (options.initial_events && TRY(&e, send_initial(c, w, &gone))) {
        watch_free(w);
        return e;
    }
    /* A version right behind what was forgotten is found out at once, not at the first event. */
    if (!options.initial_events)
        e = catch_up(c, w, w->revision, &gone);
    while (!e && !gone && !join(h, w, &target))
        e = catch_up(c, w, target, &gone);
    if (e) {
        if (e->code == ERR_GONE)
            e = status_expired(c->a, "too old resource version: %lld (%lld)",
                               (long long)options.version,
                               (long long)c->s->store.ops->revision(c->s->store.self));
        (void)watch_error(w, c->a, e);
    }
    if (e || gone) {
        w->ended = true;
        w->sink.ended(w->sink.self);
    }
    *ret = w;
    return NULL;
}

void hub_close(struct hub *h, struct api_watch *w)
{
    pthread_mutex_lock(&h->lock);
    if (!w->ended)
        unlink_watch(h, w);
    pthread_mutex_unlock(&h->lock);
    watch_free(w);
}

void hub_end_resource(struct hub *h, struct str store_key)
{
    pthread_mutex_lock(&h->lock);
    for (struct api_watch *w = h->watches, *next; w; w = next) {
        next = w->next;
        if (str_eq(w->store_key, store_key))
            end_watch(h, w);
    }
    pthread_mutex_unlock(&h->lock);
}
