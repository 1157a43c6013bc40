/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds being watched, and what happens when a watch ends. */
#include "app/engine/state.h"

enum {
    RETRY_FIRST_MS = 200,
    RETRY_LAST_MS = 30000,
    LIST_TIMEOUT_S = 60,
    SOUND_S = 5,    /* a watch that lived that long was no failure */
    RESUMES_MAX = 3 /* failures in a row, and all is listed again */
};

static void open_feed(struct engine *e, struct feed *f)
{
    struct engine_job *job = engine_job_new(&e->jobs, JOB_WATCH, STR(""),
                                            LIST_TIMEOUT_S * NS_PER_S);

    if (f->watch)
        cluster_watch_close(&e->ports.cluster, f->watch);
    f->watch = NULL;
    f->state = FEED_OPENING;
    f->opening = true;
    job->feed = f;
    jobs_push(&e->jobs, job);
}

static struct str feed_key(struct arena *a, const struct feed *f)
{
    return str_printf(a, "%d %.*s/%.*s/%.*s/%.*s/%.*s", (int)f->role, STR_ARG(f->gvk.group),
                      STR_ARG(f->gvk.version), STR_ARG(f->gvk.kind), STR_ARG(f->ns),
                      STR_ARG(f->name));
}

/* `like` says role, gvk, selector, ns and name; they are copied. */
static struct feed *ensure(struct engine *e, const struct feed *like)
{
    struct str key = feed_key(e->scratch, like);
    struct feed *f = table_get(&e->feeds, key);

    if (f)
        return f;
    f = heap_alloc(&e->heap, sizeof *f);
    f->ports = &e->ports;
    f->inbox = &e->inbox;
    f->role = like->role;
    f->gvk = (struct gvk){ heap_str(&e->heap, like->gvk.group),
                           heap_str(&e->heap, like->gvk.version),
                           heap_str(&e->heap, like->gvk.kind) };
    f->api_version = heap_str(&e->heap,
                              api_version_format(e->scratch, like->gvk.group, like->gvk.version));
    f->label_selector = heap_str(&e->heap, like->label_selector);
    f->ns = heap_str(&e->heap, like->ns);
    f->name = heap_str(&e->heap, like->name);
    table_put(&e->feeds, key, f);
    open_feed(e, f);
    return f;
}

struct feed *feed_ensure(struct engine *e, const struct gvk *gvk, enum feed_role role)
{
    struct feed like = { .gvk = *gvk, .role = role };

    if (role == FEED_MANAGED)
        like.label_selector = STR(FEED_OWNER_LABEL);
    if (role == FEED_CONFIG)
        like.label_selector = e->options.config_selector;
    return ensure(e, &like);
}

struct feed *feed_of_dependency(struct engine *e, const struct obj_ref *ref)
{
    struct feed like = {
        .gvk = obj_ref_gvk(ref), .role = FEED_DEPENDENCY, .ns = ref->ns, .name = ref->name
    };

    struct feed *f = ensure(e, &like);

    if (f->state == FEED_CLOSED) {
        heap_str_free(&e->heap, f->sight.why);
        f->sight = (struct feed_sight){ .exists = false };
        f->list_again = true;
        f->listed = false;
        open_feed(e, f);
    }
    return f;
}

void feed_opened(struct engine *e, struct feed *f)
{
    f->state = FEED_OPEN;
    f->opened = clock_mono(&e->ports.clock);
}

/* Twice as long each time, and a quarter more or less by kind, so that they do not all come at once. */
static int64_t retry_wait_ms(const struct feed *f)
{
    int64_t ms = RETRY_FIRST_MS;

    for (unsigned i = 1; i < f->failures && ms < RETRY_LAST_MS; i++)
        ms *= 2;
    if (ms > RETRY_LAST_MS)
        ms = RETRY_LAST_MS;
    return ms / 4 * 3 + (int64_t)((str_hash(f->gvk.kind) + f->failures) % 1000) * ms / 2000;
}

/*
 * Servers end watches now and then, which costs nothing: the next one begins where it ended. One that ends soon after
 * each opening is a failure, with or without an error.
 */
void feed_ended(struct engine *e, struct feed *f, const struct err *why)
{
    struct mono_time now = clock_mono(&e->ports.clock);
    struct log_fields fields = { .controller = STR("watch"), .kind = f->gvk.kind };

    if (f->state == FEED_OPEN && mono_diff_ns(now, f->opened) >= SOUND_S * NS_PER_S)
        f->failures = 0;
    f->state = FEED_FAILED;
    f->failures++;
    f->list_again = (why && why->code == ERR_GONE) || f->failures > RESUMES_MAX;
    if (why && why->code != ERR_GONE) {
        fields.error = err_line(e->scratch, why);
        log_write(&e->ports.log, f->failures % 64 == 4 ? LOG_ERROR : LOG_DEBUG, STR("watch ended"),
                  &fields);
    }
    f->retry_at = mono_add_ns(now, retry_wait_ms(f) * NS_PER_MS);
}

void feeds_retry(struct engine *e, struct mono_time now, struct mono_time *ret_next)
{
    struct feed *f;
    size_t at = 0;

    while ((f = table_next(&e->feeds, &at)) != NULL) {
        if (f->state != FEED_FAILED || f->opening)
            continue;
        if (f->retry_at.ns <= now.ns)
            open_feed(e, f);
        else if (f->retry_at.ns < ret_next->ns)
            *ret_next = f->retry_at;
    }
}

static void free_feed(struct engine *e, struct feed *f)
{
    struct str *owned[] = { &f->gvk.group,      &f->gvk.version, &f->gvk.kind, &f->api_version,
                            &f->label_selector, &f->ns,          &f->name,     &f->sight.why };

    if (f->watch)
        cluster_watch_close(&e->ports.cluster, f->watch);
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
        heap_str_free(&e->heap, *owned[i]);
    heap_free(&e->heap, f, sizeof *f);
}

/* Nothing of it is in the inbox any more: it is opened and posts on other threads until its watch is closed. */
static void close_unwanted(struct engine *e, struct feed *f)
{
    if (f->watch)
        cluster_watch_close(&e->ports.cluster, f->watch);
    f->watch = NULL;
    f->state = FEED_CLOSED;
}

void feeds_sweep(struct engine *e)
{
    struct feed *f;
    size_t at = 0;

    while ((f = table_next(&e->feeds, &at)) != NULL)
        if (f->role == FEED_DEPENDENCY && !f->wanted && f->state != FEED_CLOSED && !f->opening)
            close_unwanted(e, f);
}

void feeds_close(struct engine *e)
{
    struct feed *f;
    size_t at = 0;

    while ((f = table_next(&e->feeds, &at)) != NULL)
        free_feed(e, f);
}
