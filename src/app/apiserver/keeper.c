/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/keeper.h"

#include "app/apiserver/crds.h"
#include "app/apiserver/events.h"
#include "app/apiserver/garbage.h"
#include "app/apiserver/namespaces.h"
#include "app/apiserver/roles.h"
#include "app/apiserver/storage.h"
#include "app/apiserver/tokens.h"
#include "value/json.h"

enum { KEEPER_BATCH = 128, KEEPER_STACK = 1024 * 1024, SWEEP_SECONDS = 600 };

#define NAMESPACES STR("/namespaces")
#define DEFINITIONS STR("apiextensions.k8s.io/customresourcedefinitions")
#define ROLES_WORK STR("all") /* the one key of keeper.roles */

struct keeper {
    struct apiserver *s;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool wake;     /* under lock */
    bool stopping; /* under lock */

    /* The thread's alone. */
    int64_t position; /* every event up to here was looked at */
    struct garbage *garbage;
    struct work_set namespaces; /* names of those that end */
    struct work_set definitions;
    struct work_set roles;
    struct mono_time sweep_at;
    bool running; /* the starter's, away from what the lock guards */
};

struct keeper *keeper_new(struct apiserver *s)
{
    struct keeper *k = ARENA_NEW(s->home, struct keeper);
    pthread_condattr_t attr;

    k->s = s;
    k->garbage = garbage_new(s);
    k->sweep_at = clock_mono(&s->clock);
    (void)pthread_mutex_init(&k->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&k->woken, &attr);
    (void)pthread_condattr_destroy(&attr);
    return k;
}

void keeper_wake(struct keeper *k)
{
    pthread_mutex_lock(&k->lock);
    k->wake = true;
    pthread_cond_signal(&k->woken);
    pthread_mutex_unlock(&k->lock);
}

/* ---- what an event means ---- */

static bool mentions(struct str value, const char *word)
{
    return str_contains(value, str_from_cstr(word));
}

/* Most objects have neither owners nor finalizers: their JSON is not even parsed. */
static bool is_of_interest(const struct store_key *key, struct str value)
{
    return mentions(value, "\"ownerReferences\"") || mentions(value, "\"deletionTimestamp\"") ||
           str_eq(key->resource, NAMESPACES) || str_eq(key->resource, DEFINITIONS);
}

static const struct val *parse(struct arena *a, struct str value)
{
    const struct val *object = NULL;

    if (json_read(a, value, STR("stored object"), JSON_READ_BORROW, &object))
        return NULL;
    return object;
}

/* An object that ends may be what its namespace or definition waits for. */
static void hasten(struct keeper *k, struct arena *a, const struct store_key *key)
{
    struct str plural = key->resource;
    struct str group;

    if (key->ns.len)
        work_hasten(&k->namespaces, key->ns);
    (void)str_cut(&plural, '/', &group);
    work_hasten(&k->definitions, str_printf(a, "%.*s.%.*s", STR_ARG(plural), STR_ARG(group)));
}

static void saw(struct keeper *k, struct arena *a, const struct store_key *key, struct str value,
                struct str previous)
{
    const struct val *before = NULL;
    const struct val *object;

    if (str_eq(key->resource, CLUSTER_ROLES))
        work_add(&k->roles, ROLES_WORK);
    if (mentions(previous, "\"ownerReferences\""))
        before = parse(a, previous);
    if (!before && !is_of_interest(key, value))
        return;
    object = parse(a, value);
    if (!object)
        return;
    garbage_saw(k->garbage, key, object, before);
    if (!val_at(object, "metadata.deletionTimestamp"))
        return;
    if (str_eq(key->resource, NAMESPACES))
        work_add(&k->namespaces, key->name);
    if (str_eq(key->resource, DEFINITIONS))
        work_add(&k->definitions, key->name);
}

static void handle(struct keeper *k, struct arena *a, const struct store_event *event)
{
    const struct val *object;

    if (event->type != STORE_REMOVED) {
        saw(k, a, &event->key, event->value, event->previous);
        return;
    }
    hasten(k, a, &event->key);
    if (str_eq(event->key.resource, CLUSTER_ROLES))
        work_add(&k->roles, ROLES_WORK);
    object = parse(a, event->value);
    if (object)
        garbage_lost(k->garbage, &event->key, object);
}

/* ---- reading everything anew ---- */

static bool is_stored(const struct api_resource *res)
{
    return !(res->traits & API_VIRTUAL) && (res->verbs & API_LIST) &&
           str_eq(res->gvk.group, res->storage_group) &&
           str_eq(res->gvk.version, res->storage_version);
}

static void saw_row(void *ctx, struct arena *a, const struct store_row *row)
{
    saw(ctx, a, &row->key, row->value, STR(""));
}

static void load_all(struct keeper *k)
{
    ARENA_AUTO struct arena *a = arena_new(0);
    struct served_resources all = registry_all(k->s->registry, a);

    k->position = k->s->store.ops->revision(k->s->store.self);
    for (size_t i = 0; i < all.count; i++)
        if (is_stored(all.items[i]))
            storage_each(k->s, api_resource_store_key(a, all.items[i]), saw_row, k);
}

/* ---- the thread ---- */

/* True: there may be more. */
static bool read_events(struct keeper *k, struct run *r)
{
    struct store_since since = { .after = k->position, .limit = KEEPER_BATCH };
    struct store_events events = { 0 };
    struct err *e = k->s->store.ops->changes(k->s->store.self, r, &since, &events);

    if (e && e->code == ERR_GONE) {
        load_all(k);
        return true;
    }
    for (size_t i = 0; !e && i < events.count; i++) {
        handle(k, r->arena, &events.items[i]);
        k->position = events.items[i].revision;
    }
    return !e && events.count == KEEPER_BATCH;
}

static bool step_set(struct keeper *k, struct run *r, struct work_set *set,
                     bool (*work)(struct apiserver *s, struct run *r, struct str key))
{
    struct mono_time now = clock_mono(&k->s->clock);
    struct str key;
    int attempts;

    if (!work_take(set, r->arena, now, &key, &attempts))
        return false;
    if (!work(k->s, r, key))
        work_retry(set, key, attempts, now);
    return true;
}

static bool work_roles(struct apiserver *s, struct run *r, struct str key)
{
    (void)key;
    return roles_aggregate(s, r);
}

/* One piece of work of each sort; true: some was done. */
static bool step(struct keeper *k, struct run *r)
{
    bool any = garbage_step(k->garbage, r);
    struct mono_time now = clock_mono(&k->s->clock);

    any = step_set(k, r, &k->namespaces, namespace_finish_deletion) || any;
    any = step_set(k, r, &k->definitions, crd_finish_deletion) || any;
    any = step_set(k, r, &k->roles, work_roles) || any;
    if (k->sweep_at.ns <= now.ns) {
        tokens_sweep(k->s, r);
        events_sweep(k->s, r);
        k->sweep_at = mono_add_ns(now, SWEEP_SECONDS * NS_PER_S);
    }
    return any;
}

static struct mono_time earlier(struct mono_time a, struct mono_time b)
{
    return a.ns < b.ns ? a : b;
}

/* Waits for a commit or for what is due; false: it shall end. */
static bool wait_woken(struct keeper *k, bool *ret_woken)
{
    struct mono_time now = clock_mono(&k->s->clock);
    struct mono_time due = earlier(k->sweep_at, garbage_due(k->garbage, now));
    struct timespec t;
    bool go_on;

    due = earlier(due, work_due(&k->namespaces, now));
    due = earlier(due, work_due(&k->definitions, now));
    due = earlier(due, work_due(&k->roles, now));
    t = (struct timespec){ .tv_sec = due.ns / NS_PER_S, .tv_nsec = due.ns % NS_PER_S };
    pthread_mutex_lock(&k->lock);
    if (!k->wake && !k->stopping && due.ns > now.ns)
        (void)pthread_cond_timedwait(&k->woken, &k->lock, &t);
    *ret_woken = k->wake;
    k->wake = false;
    go_on = !k->stopping;
    pthread_mutex_unlock(&k->lock);
    return go_on;
}

static void *keeper_main(void *arg)
{
    struct keeper *k = arg;
    struct arena *scratch = arena_new(0);
    struct run r = { .arena = scratch, .deadline = MONO_NEVER };
    bool woken = false;
    bool more = false;

    load_all(k);
    while (wait_woken(k, &woken)) {
        if (woken || more)
            more = read_events(k, &r);
        (void)step(k, &r);
        if (more)
            keeper_wake(k);
        arena_reset(scratch);
    }
    arena_free(scratch);
    return NULL;
}

bool keeper_start(struct keeper *k)
{
    pthread_attr_t attr;

    (void)pthread_attr_init(&attr);
    (void)pthread_attr_setstacksize(&attr, KEEPER_STACK);
    k->running = pthread_create(&k->thread, &attr, keeper_main, k) == 0;
    (void)pthread_attr_destroy(&attr);
    return k->running;
}

void keeper_stop(struct keeper *k)
{
    if (k->running) {
        pthread_mutex_lock(&k->lock);
        k->stopping = true;
        pthread_cond_signal(&k->woken);
        pthread_mutex_unlock(&k->lock);
        (void)pthread_join(k->thread, NULL);
        k->running = false;
    }
    garbage_free(k->garbage);
    work_free(&k->namespaces);
    work_free(&k->definitions);
    work_free(&k->roles);
    (void)pthread_cond_destroy(&k->woken);
    (void)pthread_mutex_destroy(&k->lock);
}
