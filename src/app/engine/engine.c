/* SPDX-License-Identifier: Apache-2.0 */
#include "app/engine/engine.h"

#include "app/engine/state.h"
#include "core/api/kind.h"
#include "core/kube/conditions.h"

enum { WORKERS_DEFAULT = 16, VERIFY_DEFAULT_S = 3600, LONGEST_SLEEP_S = 60 };

struct engine *engine_new(const struct reconcile_ports *ports, const struct engine_options *options)
{
    struct heap outside = { .owner = "engine" };
    struct engine *e = heap_alloc(&outside, sizeof *e);

    e->ports = *ports;
    e->options = *options;
    if (e->options.workers == 0)
        e->options.workers = WORKERS_DEFAULT;
    if (e->options.verify_ns == 0)
        e->options.verify_ns = VERIFY_DEFAULT_S * NS_PER_S;
    e->heap.owner = "engine";
    table_init(&e->subjects, &e->heap);
    table_init(&e->managed, &e->heap);
    table_init(&e->feeds, &e->heap);
    inbox_init(&e->inbox);
    jobs_init(&e->jobs, &e->ports, &e->inbox, &e->stopping);
    e->scratch = arena_new(0);
    return e;
}

static bool readiness_changed(const struct val *before, const struct val *after)
{
    return !before ||
           !val_eq(val_at(before, "status.artifact.revision"),
                   val_at(after, "status.artifact.revision")) ||
           !val_eq(val_at(before, "status.artifact.digest"),
                   val_at(after, "status.artifact.digest")) ||
           !val_eq(val_at(before, "status.lastAppliedRevision"),
                   val_at(after, "status.lastAppliedRevision")) ||
           !val_eq(val_at(before, "status.observedGeneration"),
                   val_at(after, "status.observedGeneration")) ||
           condition_is(before, "Ready", "True") != condition_is(after, "Ready", "True");
}

/* A list of a server that lags, or an event that came twice. */
static bool is_old_news(const struct subject *s, const struct val *object)
{
    int64_t known, told;

    return s->object && !s->gone &&
           str_eq(val_at_str(s->object, "metadata.uid"), val_at_str(object, "metadata.uid")) &&
           str_to_int64(val_at_str(s->object, "metadata.resourceVersion"), &known) &&
           str_to_int64(val_at_str(object, "metadata.resourceVersion"), &told) && told <= known;
}

/* The arena belongs to the subject from here on. */
static void on_object(struct engine *e, struct arena *arena, const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);
    struct subject *s = subject_find(e, ref.kind, ref.ns, ref.name);
    bool changed = readiness_changed(s ? s->object : NULL, object);

    if (s && is_old_news(s, object)) {
        s->unseen = false;
        arena_free(arena);
        return;
    }
    if (subject_update(e, arena, object, &s))
        schedule_now(e, s);
    if (changed)
        schedule_dependents(e, s);
}

static void on_object_gone(struct engine *e, const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);
    struct subject *s = subject_find(e, ref.kind, ref.ns, ref.name);

    if (!s)
        return;
    s->gone = true;
    s->due = MONO_NEVER;
    if (!s->running)
        subject_remove(e, s);
}

static void on_managed(struct engine *e, struct managed *m, bool drift)
{
    if (!m || !m->owner)
        return;
    if (drift)
        schedule_drift(e, m->owner);
    if (m->owner->waiting)
        schedule_health(e, m->owner);
}

static void on_sighting(struct engine *e, struct feed *f, const struct sighting *s)
{
    struct managed *m;
    bool drift;

    if (f->role != FEED_MANAGED) {
        references_seen(e, f, s, false);
        return;
    }
    m = observed_see(e, s, &drift);
    on_managed(e, m, drift);
}

static void on_sighting_gone(struct engine *e, struct feed *f, const struct sighting *s)
{
    struct managed *m;
    bool drift;

    if (f->role != FEED_MANAGED) {
        references_seen(e, f, s, true);
        return;
    }
    m = observed_lose(e, s, &drift);
    on_managed(e, m, drift);
}

/* Each object gets an arena of its own, since it will be replaced alone. */
static void on_objects_listed(struct engine *e, const struct message *m)
{
    struct subject *s;
    size_t at = 0;

    while ((s = table_next(&e->subjects, &at)) != NULL)
        s->unseen = str_eq(val_get_str(s->object, "kind"), m->feed->gvk.kind);
    for (size_t i = 0; i < m->count; i++) {
        struct arena *arena = arena_new(0);

        on_object(e, arena, val_copy(arena, m->objects[i]));
    }
    for (at = 0; (s = table_next(&e->subjects, &at)) != NULL;)
        if (s->unseen)
            on_object_gone(e, s->object);
}

static void on_sightings_listed(struct engine *e, const struct message *m)
{
    struct managed *each;
    size_t at = 0;

    while ((each = table_next(&e->managed, &at)) != NULL)
        each->unseen = each->feed == m->feed;
    for (size_t i = 0; i < m->count; i++)
        on_sighting(e, m->feed, &m->sightings[i]);
    for (at = 0; (each = table_next(&e->managed, &at)) != NULL;) {
        if (!each->unseen || each->absent)
            continue;
        each->absent = true;
        each->health = KSTATUS_NOT_FOUND;
        on_managed(e, each, observed_is_drift(each));
    }
}

static void note_ready(struct engine *e)
{
    struct feed *f;
    size_t at = 0;

    while ((f = table_next(&e->feeds, &at)) != NULL)
        if (f->role == FEED_FLUX && !f->listed)
            return;
    atomic_store(&e->ready, true);
}

static void on_listed(struct engine *e, const struct message *m)
{
    m->feed->listed = true;
    m->feed->list_again = false;
    feed_opened(e, m->feed);
    if (m->feed->role == FEED_MANAGED)
        on_sightings_listed(e, m);
    else if (m->feed->role == FEED_FLUX)
        on_objects_listed(e, m);
    else
        references_listed(e, m);
    note_ready(e);
}

static void on_job_done(struct engine *e, struct engine_job *job)
{
    struct subject *s = job->subject.len ? table_get(&e->subjects, job->subject) : NULL;

    if (job->feed)
        job->feed->opening = false;
    if (s)
        schedule_outcome(e, s, job);
    arena_free(job->run.arena);
}

static void handle(struct engine *e, struct message *m)
{
    switch (m->kind) {
    case MESSAGE_OBJECT:
        on_object(e, m->arena, m->object);
        return; /* the subject keeps the arena */
    case MESSAGE_OBJECT_GONE:
        on_object_gone(e, m->object);
        break;
    case MESSAGE_SIGHTING:
        on_sighting(e, m->feed, &m->sighting);
        break;
    case MESSAGE_SIGHTING_GONE:
        on_sighting_gone(e, m->feed, &m->sighting);
        break;
    case MESSAGE_LISTED:
        on_listed(e, m);
        break;
    case MESSAGE_RESUMED:
        feed_opened(e, m->feed);
        break;
    case MESSAGE_WATCH_ENDED:
        feed_ended(e, m->feed, m->err);
        references_failed(e, m->feed, m->err);
        schedule_unwatched(e);
        break;
    case MESSAGE_JOB_DONE:
        on_job_done(e, m->job);
        break;
    case MESSAGE_STOP:
        break;
    }
    arena_free(m->arena);
}

/* ConfigMaps and Secrets that say so wake who reads them (reconcile.fluxcd.io/watch). */
static void watch_configs(struct engine *e)
{
    static const struct gvk kinds[] = { { .version = STR_INIT("v1"),
                                          .kind = STR_INIT("ConfigMap") },
                                        { .version = STR_INIT("v1"), .kind = STR_INIT("Secret") } };

    for (size_t i = 0; i < 2 && e->options.config_selector.len > 0; i++)
        (void)feed_ensure(e, &kinds[i], FEED_CONFIG);
}

static void *engine_main(void *self)
{
    struct engine *e = self;
    size_t count;
    const struct api_kind *const *kinds = api_kinds(&count);

    for (size_t i = 0; i < count; i++)
        if (kinds[i] != &api_kustomization || !e->options.no_kustomizations)
            (void)feed_ensure(e, &kinds[i]->gvk, FEED_FLUX);
    if (!e->options.no_kustomizations)
        watch_configs(e);
    while (!atomic_load(&e->stopping)) {
        struct mono_time now = clock_mono(&e->ports.clock);
        struct mono_time next = mono_add_ns(now, LONGEST_SLEEP_S * NS_PER_S);
        struct message *m;

        schedule_due(e, now, &next);
        feeds_retry(e, now, &next);
        m = inbox_take(&e->inbox, next);
        while (m) {
            struct message *following = m->next;

            handle(e, m);
            m = following;
        }
        arena_reset(e->scratch);
    }
    return NULL;
}

struct err *engine_start(struct engine *e, struct arena *a)
{
    pthread_attr_t attr;
    int rc;

    if (!jobs_start(&e->jobs, e->options.workers))
        return err_new(a, ERR_IO,
                       "could not start a worker thread: raise the limit of processes (ulimit -u)");
    rc = pthread_attr_init(&attr);
    if (rc == 0)
        rc = pthread_create(&e->thread, &attr, engine_main, e);
    (void)pthread_attr_destroy(&attr);
    if (rc != 0)
        return err_new(a, ERR_IO, "could not start the engine thread (error %d)", rc);
    return NULL;
}

void engine_stop(struct engine *e)
{
    atomic_store(&e->stopping, true);
    inbox_post(&e->inbox, message_new(MESSAGE_STOP, NULL));
    (void)pthread_join(e->thread, NULL);
    jobs_stop(&e->jobs);
    feeds_close(e);
}

void engine_free(struct engine *e)
{
    struct heap outside = { .owner = "engine", .used = sizeof *e };
    struct subject *s;
    struct managed *m;
    size_t at = 0;

    while ((s = table_next(&e->subjects, &at)) != NULL)
        subject_remove(e, s);
    for (at = 0; (m = table_next(&e->managed, &at)) != NULL;)
        observed_drop(e, m);
    table_done(&e->subjects);
    table_done(&e->managed);
    table_done(&e->feeds);
    while (e->inbox.first && e->inbox.first->kind == MESSAGE_JOB_DONE) {
        struct message *done = e->inbox.first;

        e->inbox.first = done->next;
        arena_free(done->job->run.arena);
        arena_free(done->arena);
    }
    inbox_done(&e->inbox);
    arena_free(e->scratch);
    heap_free(&outside, e, sizeof *e);
}

bool engine_is_ready(const struct engine *e)
{
    return atomic_load(&e->ready);
}
