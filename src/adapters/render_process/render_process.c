/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/render_process/render_process.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "adapters/render_process/conversation.h"
#include "adapters/render_process/render_worker.h"
#include "adapters/render_process/worker.h"
#include "base/limits.h"

enum { TENANT_BYTES = 256, WAIT_NS = 100 * 1000 * 1000 };

/* One place for a worker. */
struct seat {
    struct worker worker;
    bool taken; /* there is a worker, or a caller is starting one */
    bool busy;
    bool wanted;               /* the keeper is to start a worker */
    int start_error;           /* errno of that */
    char tenant[TENANT_BYTES]; /* "" before its first build */
    int64_t idle_since;
};

struct render_process {
    struct render_process_options options;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* of any seat, or of stopping */
    pthread_t keeper; /* starts workers, for they die with their starter, and ends idle ones */
    bool has_keeper;
    bool stopping;
    struct seat *seats; /* workers_max */
};

struct render_process_options render_process_defaults(size_t workers_max)
{
    return (struct render_process_options){
        .program = "/proc/self/exe",
        .role = RENDER_WORKER_ROLE,
        .workers_max = workers_max,
        .idle_ns = LIMIT_RENDER_IDLE_SECONDS * NS_PER_S,
        .memory_bytes = LIMIT_RENDER_MEMORY_BYTES,
        .cpu_seconds = LIMIT_RENDER_CPU_SECONDS,
    };
}

static int64_t now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void wait_until(struct render_process *p, int64_t ns)
{
    struct timespec until = { .tv_sec = ns / NS_PER_S, .tv_nsec = ns % NS_PER_S };

    (void)pthread_cond_timedwait(&p->changed, &p->lock, &until);
}

static void empty(struct seat *s)
{
    *s = (struct seat){ .worker = { .fd = -1 } };
}

static void start_wanted(struct render_process *p)
{
    for (size_t i = 0; i < p->options.workers_max; i++) {
        struct seat *s = &p->seats[i];

        if (!s->wanted)
            continue;
        s->start_error = worker_spawn(&p->options, &s->worker);
        s->wanted = false;
        (void)pthread_cond_broadcast(&p->changed);
    }
}

/* Ends what has been idle for too long; when to look again, INT64_MAX for no idle worker. */
static int64_t end_idle(struct render_process *p)
{
    int64_t now = now_ns(), next = INT64_MAX;

    for (size_t i = 0; i < p->options.workers_max; i++) {
        struct seat *s = &p->seats[i];
        int64_t due = s->idle_since + p->options.idle_ns;

        if (!s->taken || s->busy)
            continue;
        if (due <= now) {
            worker_kill(&s->worker);
            empty(s);
        } else if (due < next) {
            next = due;
        }
    }
    return next;
}

static void *keep(void *self)
{
    struct render_process *p = self;

    (void)pthread_mutex_lock(&p->lock);
    while (!p->stopping) {
        int64_t next;

        start_wanted(p);
        next = end_idle(p);
        if (next == INT64_MAX)
            (void)pthread_cond_wait(&p->changed, &p->lock);
        else
            wait_until(p, next);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

struct render_process *render_process_new(const struct render_process_options *options)
{
    struct render_process *p = calloc(1, sizeof *p);
    struct seat *seats = calloc(options->workers_max, sizeof *seats);
    pthread_condattr_t attr;

    if (!p || !seats)
        abort();
    p->options = *options;
    p->seats = seats;
    for (size_t i = 0; i < options->workers_max; i++)
        empty(&seats[i]);
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&p->changed, &attr);
    (void)pthread_condattr_destroy(&attr);
    p->has_keeper = pthread_create(&p->keeper, NULL, keep, p) == 0;
    return p;
}

void render_process_free(struct render_process *p)
{
    if (!p)
        return;
    (void)pthread_mutex_lock(&p->lock);
    p->stopping = true;
    (void)pthread_cond_broadcast(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
    if (p->has_keeper)
        (void)pthread_join(p->keeper, NULL);
    for (size_t i = 0; i < p->options.workers_max; i++)
        if (p->seats[i].taken)
            worker_kill(&p->seats[i].worker);
    (void)pthread_cond_destroy(&p->changed);
    (void)pthread_mutex_destroy(&p->lock);
    free(p->seats);
    free(p);
}

size_t render_process_count(struct render_process *p)
{
    size_t count = 0;

    (void)pthread_mutex_lock(&p->lock);
    for (size_t i = 0; i < p->options.workers_max; i++)
        count += p->seats[i].taken;
    (void)pthread_mutex_unlock(&p->lock);
    return count;
}

/* How well an idle seat suits the tenant: its own worker, one that served nobody, an empty seat, another's worker. */
static int rank(struct seat *s, struct str tenant)
{
    if (s->busy)
        return 0;
    if (s->taken && !worker_is_alive(&s->worker))
        empty(s);
    if (!s->taken)
        return 2;
    return str_eq(str_from_cstr(s->tenant), tenant) ? 4 : s->tenant[0] ? 1 : 3;
}

/* Takes a seat for the tenant; a worker that is in it may be used. NULL: all are busy. */
static struct seat *take_seat(struct render_process *p, struct str tenant)
{
    struct seat *best = NULL;
    int best_rank = 0;

    for (size_t i = 0; i < p->options.workers_max; i++) {
        struct seat *s = &p->seats[i];
        int r = rank(s, tenant);

        if (r > best_rank ||
            (r == 1 && best_rank == 1 && best && s->idle_since < best->idle_since)) {
            best = s;
            best_rank = r;
        }
    }
    if (best && best_rank == 1) {
        worker_kill(&best->worker);
        empty(best);
    }
    if (best)
        best->busy = best->taken = true;
    return best;
}

static struct err *sit_down(struct render_process *p, struct run *r, struct str tenant,
                            struct seat **ret)
{
    struct err *e = NULL;

    (void)pthread_mutex_lock(&p->lock);
    while (!e && !(*ret = take_seat(p, tenant))) {
        if (run_is_cancelled(r))
            e = err_new(r->arena, ERR_CANCELLED, "the build was cancelled");
        else if (now_ns() >= r->deadline.ns)
            e = err_new(r->arena, ERR_TIMEOUT, "no render worker became free before the deadline");
        else
            wait_until(p, now_ns() + WAIT_NS);
    }
    (void)pthread_mutex_unlock(&p->lock);
    return e;
}

static void stand_up(struct render_process *p, struct seat *s)
{
    (void)pthread_mutex_lock(&p->lock);
    s->busy = false;
    s->idle_since = now_ns();
    if (s->worker.pid == 0)
        empty(s);
    (void)pthread_cond_broadcast(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
}

/* In a seat that is ours. */
static struct err *start_worker(struct render_process *p, struct seat *s, struct run *r)
{
    (void)pthread_mutex_lock(&p->lock);
    s->wanted = p->has_keeper;
    s->start_error = p->has_keeper ? 0 : EAGAIN;
    (void)pthread_cond_broadcast(&p->changed);
    while (s->wanted)
        (void)pthread_cond_wait(&p->changed, &p->lock);
    (void)pthread_mutex_unlock(&p->lock);
    if (s->start_error)
        return err_new(r->arena, ERR_UNAVAILABLE, "could not start a render worker: %s",
                       strerror(s->start_error));
    return worker_greet(&s->worker, &p->options, r);
}

/* A worker if there is none, and the build. Afterwards pid is 0 where the worker had to go. */
static struct err *render_in(struct render_process *p, struct seat *s, struct run *r,
                             const struct render_request *request, struct render_result *ret)
{
    bool usable = false;
    struct err *e;

    if (s->worker.pid == 0 && TRY(&e, start_worker(p, s, r)))
        return e;
    memcpy(s->tenant, request->tenant.ptr, request->tenant.len);
    s->tenant[request->tenant.len] = '\0';
    worker_allow_cpu(&s->worker, p->options.cpu_seconds);
    e = conversation_run(s->worker.fd, r, request, ret, &usable);
    if (e && e->code == ERR_GONE && !usable)
        return worker_bury(&s->worker, &p->options, r);
    if (!usable)
        worker_kill(&s->worker);
    return e;
}

static struct err *render_in_worker(void *self, struct run *r, const struct render_request *request,
                                    struct render_result *ret)
{
    struct render_process *p = self;
    struct run bounded = *r;
    int64_t most = now_ns() + LIMIT_RENDER_SECONDS * NS_PER_S;
    struct seat *s;
    struct err *e;

    if (request->tenant.len == 0 || request->tenant.len >= TENANT_BYTES)
        return err_new(r->arena, ERR_INVALID, "a build has no tenant of 1 to %d bytes",
                       TENANT_BYTES - 1);
    if (most < bounded.deadline.ns)
        bounded.deadline.ns = most;
    if (TRY(&e, sit_down(p, &bounded, request->tenant, &s)))
        return e;
    e = render_in(p, s, &bounded, request, ret);
    stand_up(p, s);
    return e;
}

struct renderer render_process_port(struct render_process *p)
{
    static const struct renderer_ops ops = { .render = render_in_worker };

    return (struct renderer){ .ops = &ops, .self = p };
}

struct err *render_process_try(struct render_process *p, struct run *r, struct confinement *ret)
{
    struct seat *s;
    struct err *e;

    if (TRY(&e, sit_down(p, r, STR(""), &s)))
        return e;
    e = s->worker.pid == 0 ? start_worker(p, s, r) : NULL;
    if (!e)
        *ret = s->worker.confinement;
    stand_up(p, s);
    return e;
}
