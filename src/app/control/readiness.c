/* SPDX-License-Identifier: Apache-2.0 */
#include "app/control/readiness.h"

#include <pthread.h>

#include "core/kube/conditions.h"
#include "core/kube/kstatus.h"

enum { POLL_MS = 50 };

/* A pause that needs no other thread; the condition is never signalled. */
void readiness_pause(const struct clock *clock)
{
    struct mono_time until = mono_add_ns(clock_mono(clock), POLL_MS * NS_PER_MS);
    struct timespec at = { .tv_sec = until.ns / NS_PER_S, .tv_nsec = until.ns % NS_PER_S };
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_condattr_t attr;
    pthread_cond_t never;

    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&never, &attr);
    (void)pthread_mutex_lock(&lock);
    while (pthread_cond_timedwait(&never, &lock, &at) == 0)
        ;
    (void)pthread_mutex_unlock(&lock);
    (void)pthread_cond_destroy(&never);
    (void)pthread_condattr_destroy(&attr);
}

/* A Ready=False that passes without anybody's doing: what is waited for is on its way. */
static bool is_passing(const struct val *ready)
{
    static const char *const reasons[] = { "DependencyNotReady", "Progressing" };

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (str_eq(val_get_str(ready, "reason"), str_from_cstr(reasons[i])))
            return true;
    return str_contains(val_get_str(ready, "message"), STR("retrying in"));
}

/* The controller has tried this generation, and will do nothing else than try again. */
static bool has_failed(const struct val *object, const struct val *ready)
{
    const struct val *reconciling = condition_get(object, STR("Reconciling"));

    return val_at_int(ready, "observedGeneration", 0) ==
               val_at_int(object, "metadata.generation", 0) &&
           str_is(val_get_str(ready, "status"), "False") && !is_passing(ready) &&
           (!str_is(val_get_str(reconciling, "status"), "True") ||
            str_is(val_get_str(reconciling, "reason"), "ProgressingWithRetry"));
}

enum readiness readiness_of(struct arena *a, const struct val *object, struct wall_time now)
{
    const struct val *ready = condition_get(object, STR("Ready"));
    int64_t generation = val_at_int(object, "metadata.generation", 0);
    int64_t observed = val_at_int(object, "status.observedGeneration", 0);
    int64_t of_condition = val_at_int(ready, "observedGeneration", 0);
    struct kstatus status;

    if (ready && has_failed(object, ready))
        return READINESS_FAILED;
    if (observed < 1 || !ready || (of_condition ? of_condition : observed) != generation)
        return READINESS_WAITING;
    status = kstatus_of(a, object, now);
    if (status.code == KSTATUS_CURRENT)
        return READINESS_READY;
    return status.code == KSTATUS_IN_PROGRESS ? READINESS_WAITING : READINESS_FAILED;
}

struct err *readiness_wait(const struct cluster *cluster, const struct clock *clock, struct run *r,
                           const struct obj_ref *ref, const struct val **ret)
{
    for (;;) {
        const struct val *object;
        struct err *e = cluster_get_one(cluster, r, ref, &object);

        if (e)
            return e;
        if (!object)
            return err_new(r->arena, ERR_NOT_FOUND, "%.*s object '%.*s' was deleted",
                           STR_ARG(ref->kind), STR_ARG(ref->name));
        if (readiness_of(r->arena, object, clock_wall(clock)) != READINESS_WAITING) {
            *ret = object;
            return NULL;
        }
        if (clock_mono(clock).ns >= r->deadline.ns)
            return err_new(r->arena, ERR_TIMEOUT,
                           "timed out waiting for %.*s '%.*s' to be ready: raise --timeout, or see "
                           "`weir events --for %.*s/%.*s`; last: %.*s",
                           STR_ARG(ref->kind), STR_ARG(ref->name), STR_ARG(ref->kind),
                           STR_ARG(ref->name),
                           STR_ARG(val_get_str(condition_get(object, STR("Ready")), "message")));
        readiness_pause(clock);
    }
}
