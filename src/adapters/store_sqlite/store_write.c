/* SPDX-License-Identifier: Apache-2.0 */
/* The writer thread: takes what waits, makes it durable with one commit, answers each. */
#include <stdlib.h>
#include <time.h>

#include "adapters/store_sqlite/store_state.h"
#include "base/vec.h"

/* How long the writer sleeps when nothing waits; then it looks after history and log. */
enum { IDLE_SECONDS = 30 };

struct group {
    struct store_job *jobs; /* oldest first */
    VEC(struct store_event) events;
    int64_t revision;
    size_t history_bytes;
    size_t history_rows;
};

/* What is under the key now, -1 for nothing; its value goes into the group's arena. */
static int find(struct store_sqlite *s, const struct store_key *key, int64_t *ret_revision,
                struct str *ret_value)
{
    int rc;

    store_bind(s->find, 1, key->resource);
    store_bind(s->find, 2, key->ns);
    store_bind(s->find, 3, key->name);
    rc = sqlite3_step(s->find);
    *ret_revision = 0;
    if (rc == SQLITE_ROW) {
        *ret_revision = sqlite3_column_int64(s->find, 0);
        *ret_value = store_column(s->group, s->find, 1);
    }
    (void)sqlite3_reset(s->find);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* NULL: the write's condition holds. */
static struct err *check_condition(const struct store_write *w, int64_t is, struct arena *a)
{
    if (w->expected_revision == 0 && is > 0)
        return err_new(a, ERR_ALREADY_EXISTS, "%.*s/%.*s/%.*s: exists at revision %lld",
                       STR_ARG(w->key.resource), STR_ARG(w->key.ns), STR_ARG(w->key.name),
                       (long long)is);
    if (is == 0 && (w->expected_revision > 0 || w->remove))
        return err_new(a, ERR_NOT_FOUND, "%.*s/%.*s/%.*s: is gone", STR_ARG(w->key.resource),
                       STR_ARG(w->key.ns), STR_ARG(w->key.name));
    if (w->expected_revision > 0 && w->expected_revision != is)
        return err_new(a, ERR_CONFLICT,
                       "%.*s/%.*s/%.*s: was changed: expected revision %lld, found %lld",
                       STR_ARG(w->key.resource), STR_ARG(w->key.ns), STR_ARG(w->key.name),
                       (long long)w->expected_revision, (long long)is);
    return NULL;
}

static int put_object(struct store_sqlite *s, const struct store_write *w, int64_t revision)
{
    sqlite3_stmt *q = w->remove ? s->drop : s->put;

    store_bind(q, 1, w->key.resource);
    store_bind(q, 2, w->key.ns);
    store_bind(q, 3, w->key.name);
    if (!w->remove) {
        (void)sqlite3_bind_int64(q, 4, revision);
        (void)sqlite3_bind_blob64(q, 5, w->value.len ? w->value.ptr : "", w->value.len,
                                  SQLITE_STATIC);
    }
    return store_run(q);
}

static int put_history(struct store_sqlite *s, const struct store_event *event)
{
    (void)sqlite3_bind_int64(s->note, 1, event->revision);
    (void)sqlite3_bind_int(s->note, 2, (int)event->type);
    store_bind(s->note, 3, event->key.resource);
    store_bind(s->note, 4, event->key.ns);
    store_bind(s->note, 5, event->key.name);
    (void)sqlite3_bind_blob64(s->note, 6, event->value.len ? event->value.ptr : "",
                              event->value.len, SQLITE_STATIC);
    (void)sqlite3_bind_blob64(s->note, 7, event->previous.len ? event->previous.ptr : "",
                              event->previous.len, SQLITE_STATIC);
    (void)sqlite3_bind_int64(s->note, 8, event->previous_revision);
    (void)sqlite3_bind_int64(s->note, 9, clock_wall(&s->options.clock).ns / NS_PER_MS);
    return store_run(s->note);
}

static int apply_write(struct store_sqlite *s, struct group *g, struct store_write *w, int64_t is,
                       struct str previous)
{
    struct store_event *event = VEC_PUSH(s->group, &g->events);
    int rc;

    *event = (struct store_event){
        .type = w->remove ? STORE_REMOVED
                : is      ? STORE_UPDATED
                          : STORE_CREATED,
        .key = w->key,
        .value = w->value,
        .previous = previous,
        .previous_revision = is,
        .revision = ++g->revision,
    };
    w->ret_revision = event->revision;
    g->history_rows++;
    g->history_bytes += w->value.len + previous.len;
    rc = put_object(s, w, event->revision);
    return rc == SQLITE_OK ? put_history(s, event) : rc;
}

/* Checks every condition before the first change, so that a refused transaction leaves nothing. */
static int apply_job(struct store_sqlite *s, struct group *g, struct store_job *job)
{
    int64_t *is = ARENA_ARRAY(s->group, job->count ? job->count : 1, int64_t);
    struct str *previous = ARENA_ARRAY(s->group, job->count ? job->count : 1, struct str);
    int rc = SQLITE_OK;

    for (size_t i = 0; rc == SQLITE_OK && i < job->count && !job->refused; i++) {
        rc = find(s, &job->writes[i].key, &is[i], &previous[i]);
        if (rc == SQLITE_OK) {
            job->err = check_condition(&job->writes[i], is[i], job->run->arena);
            job->refused = job->err != NULL;
        }
    }
    for (size_t i = 0; rc == SQLITE_OK && i < job->count && !job->refused; i++) {
        if (job->dry_run)
            job->writes[i].ret_revision = is[i];
        else
            rc = apply_write(s, g, &job->writes[i], is[i], previous[i]);
    }
    return rc;
}

static int apply_group(struct store_sqlite *s, struct group *g)
{
    int rc = store_run(s->begin);

    for (struct store_job *job = g->jobs; job && rc == SQLITE_OK; job = job->next)
        rc = job->compact ? store_history_compact(s, job->compact) : apply_job(s, g, job);
    if (rc == SQLITE_OK && g->events.count > 0) {
        (void)sqlite3_bind_int64(s->advance, 1, g->revision);
        rc = store_run(s->advance);
    }
    if (rc == SQLITE_OK)
        rc = store_run(s->commit);
    return rc;
}

/* Undoes a commit that failed. With several transactions in it each gets its own try. */
static void fail_group(struct store_sqlite *s, struct group *g, int rc);

static void run_group(struct store_sqlite *s, struct store_job *jobs)
{
    struct group g = { .jobs = jobs, .revision = atomic_load(&s->revision) };
    int rc = apply_group(s, &g);

    if (rc != SQLITE_OK) {
        fail_group(s, &g, rc);
    } else {
        s->history_rows += g.history_rows;
        s->history_bytes += g.history_bytes;
        atomic_store(&s->revision, g.revision);
        if (s->subscriber && g.events.count)
            s->subscriber(s->subscriber_ctx, g.events.items, g.events.count);
    }
    arena_reset(s->group);
}

static void fail_group(struct store_sqlite *s, struct group *g, int rc)
{
    struct err *e = NULL;

    if (!g->jobs->next)
        e = store_err(s, g->jobs->run->arena, s->db, rc, "write to it");
    (void)store_run(s->rollback); /* fails where SQLite rolled back by itself */
    if (!g->jobs->next) {
        g->jobs->err = e;
        return;
    }
    for (struct store_job *job = g->jobs, *next; job; job = next) {
        next = job->next;
        job->next = NULL;
        job->err = NULL;
        job->refused = false;
        arena_reset(s->group);
        run_group(s, job);
        job->next = next;
    }
}

static void answer(struct store_sqlite *s, struct store_job *jobs)
{
    pthread_mutex_lock(&s->queue_lock);
    while (jobs) {
        struct store_job *next = jobs->next; /* the job is its waiter's once it is done */

        jobs->done = true;
        pthread_cond_signal(&jobs->answered);
        jobs = next;
    }
    pthread_mutex_unlock(&s->queue_lock);
}

/* Takes up to STORE_GROUP_MAX jobs; NULL when it was woken for nothing or there is nothing left. */
static struct store_job *take_jobs(struct store_sqlite *s, bool may_wait, bool *ret_stop)
{
    struct store_job *first;
    struct store_job **end = &s->queue;
    struct timespec until;

    pthread_mutex_lock(&s->queue_lock);
    if (!s->queue && !s->stopping && may_wait) {
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += IDLE_SECONDS;
        (void)pthread_cond_timedwait(&s->queue_changed, &s->queue_lock, &until);
    }
    first = s->queue;
    for (int n = 0; *end && n < STORE_GROUP_MAX; n++)
        end = &(*end)->next;
    s->queue = *end;
    *end = NULL;
    if (!s->queue)
        s->queue_end = &s->queue;
    *ret_stop = s->stopping && !first;
    pthread_mutex_unlock(&s->queue_lock);
    return first;
}

static void *writer_main(void *arg)
{
    struct store_sqlite *s = arg;
    bool stop = false;
    bool more = false;

    while (!stop) {
        struct store_job *jobs = take_jobs(s, !more, &stop);

        if (jobs) {
            run_group(s, jobs);
            answer(s, jobs);
        }
        more = store_history_trim(s);
        store_checkpoint(s);
    }
    return NULL;
}

void store_submit(struct store_sqlite *s, struct store_job *job)
{
    (void)pthread_cond_init(&job->answered, NULL);
    pthread_mutex_lock(&s->queue_lock);
    *s->queue_end = job;
    s->queue_end = &job->next;
    pthread_cond_signal(&s->queue_changed);
    while (!job->done)
        pthread_cond_wait(&job->answered, &s->queue_lock);
    pthread_mutex_unlock(&s->queue_lock);
    (void)pthread_cond_destroy(&job->answered);
}

static int on_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct store_sqlite *s = arg;

    (void)db;
    (void)name;
    s->wal_pages = pages;
    return SQLITE_OK;
}

struct err *store_writer_start(struct store_sqlite *s, struct arena *a)
{
    const struct {
        sqlite3_stmt **to;
        const char *sql;
    } all[] = {
        { &s->begin, "BEGIN IMMEDIATE" },
        { &s->commit, "COMMIT" },
        { &s->rollback, "ROLLBACK" },
        { &s->find, "SELECT revision, value FROM objects WHERE resource = ?1 AND ns = ?2"
                    " AND name = ?3" },
        { &s->put, "INSERT INTO objects(resource, ns, name, revision, value)"
                   " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE"
                   " SET revision = excluded.revision, value = excluded.value" },
        { &s->drop, "DELETE FROM objects WHERE resource = ?1 AND ns = ?2 AND name = ?3" },
        { &s->note, "INSERT INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)" },
        { &s->advance, "UPDATE state SET revision = ?1" },
    };
    pthread_condattr_t attr;
    int rc = SQLITE_OK;

    for (size_t i = 0; rc == SQLITE_OK && i < sizeof all / sizeof all[0]; i++)
        rc = store_prepare(s->db, all[i].sql, all[i].to);
    if (rc != SQLITE_OK)
        return store_err(s, a, s->db, rc, "open it");
    (void)sqlite3_wal_hook(s->db, on_wal, s);
    (void)pthread_condattr_init(&attr);
    (void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&s->queue_changed, &attr);
    (void)pthread_condattr_destroy(&attr);
    if (pthread_create(&s->writer, NULL, writer_main, s) != 0) {
        (void)pthread_cond_destroy(&s->queue_changed);
        return err_new(a, ERR_IO, "%s: could not start the writer thread", s->path);
    }
    s->started = true;
    return NULL;
}

void store_writer_stop(struct store_sqlite *s)
{
    sqlite3_stmt *const all[] = { s->begin, s->commit, s->rollback, s->find,
                                  s->put,   s->drop,   s->note,     s->advance };

    if (s->started) {
        pthread_mutex_lock(&s->queue_lock);
        s->stopping = true;
        pthread_cond_signal(&s->queue_changed);
        pthread_mutex_unlock(&s->queue_lock);
        (void)pthread_join(s->writer, NULL);
        (void)pthread_cond_destroy(&s->queue_changed);
        s->started = false;
    }
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        (void)sqlite3_finalize(all[i]);
}
