/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/store_sqlite/store_sqlite.h"

#include <stdlib.h>
#include <unistd.h>

#include "adapters/store_sqlite/store_state.h"
#include "base/limits.h"

struct err *store_err(const struct store_sqlite *s, struct arena *a, sqlite3 *db, int rc,
                      const char *doing)
{
    const char *detail = db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);

    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_new(a, ERR_UNAVAILABLE,
                       "%s: could not %s: the database is locked by another process (%s); stop it, "
                       "or choose another data folder",
                       s->path, doing, detail);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_new(a, ERR_IO,
                       "%s: could not %s: the database is damaged (%s); restore it from a backup, "
                       "or move it away to start with an empty cluster",
                       s->path, doing, detail);
    case SQLITE_FULL:
        return err_new(a, ERR_IO,
                       "%s: could not %s: the disk is full (%s); nothing was changed, free some "
                       "space and try again",
                       s->path, doing, detail);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return err_new(a, ERR_IO,
                       "%s: could not %s: no permission to open or write (%s); check the owner and "
                       "mode of the file and its folder",
                       s->path, doing, detail);
    case SQLITE_TOOBIG:
        return err_new(a, ERR_TOO_LARGE, "%s: could not %s: %s", s->path, doing, detail);
    default:
        return err_new(a, ERR_IO, "%s: could not %s: %s", s->path, doing, detail);
    }
}

int store_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret)
{
    return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);
}

int store_exec(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int store_run(sqlite3_stmt *statement)
{
    int rc = sqlite3_step(statement);

    (void)sqlite3_reset(statement);
    return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

void store_bind(sqlite3_stmt *statement, int index, struct str text)
{
    (void)sqlite3_bind_text64(statement, index, text.len ? text.ptr : "", text.len, SQLITE_STATIC,
                              SQLITE_UTF8);
}

struct str store_column(struct arena *a, sqlite3_stmt *statement, int column)
{
    const char *bytes = sqlite3_column_blob(statement, column);

    return str_dup(a, str_of(bytes, (size_t)sqlite3_column_bytes(statement, column)));
}

static struct err *port_commit(void *self, struct run *r, struct store_write *writes, size_t count,
                               bool dry_run)
{
    struct store_job job = { .run = r, .writes = writes, .count = count, .dry_run = dry_run };

    for (size_t i = 0; i < count; i++)
        if (writes[i].value.len > LIMIT_OBJECT_BYTES)
            return err_new(r->arena, ERR_TOO_LARGE,
                           "an object of %zu bytes is too large, at most %llu", writes[i].value.len,
                           LIMIT_OBJECT_BYTES);
    store_submit(self, &job);
    return job.err;
}

static struct err *port_compact(void *self, struct run *r, int64_t revision)
{
    struct store_job job = { .run = r, .compact = revision };

    if (revision > 0)
        store_submit(self, &job);
    return job.err;
}

static int64_t port_revision(void *self)
{
    struct store_sqlite *s = self;

    return atomic_load(&s->revision);
}

static void port_subscribe(void *self,
                           void (*fn)(void *ctx, const struct store_event *events, size_t count),
                           void *ctx)
{
    struct store_sqlite *s = self;

    pthread_mutex_lock(&s->queue_lock);
    s->subscriber = fn;
    s->subscriber_ctx = ctx;
    pthread_mutex_unlock(&s->queue_lock);
}

static const struct object_store_ops store_sqlite_ops = {
    .get = store_get,
    .list = store_list,
    .commit = port_commit,
    .changes = store_changes,
    .revision = port_revision,
    .subscribe = port_subscribe,
    .compact = port_compact,
};

struct object_store store_sqlite_port(struct store_sqlite *s)
{
    return (struct object_store){ .ops = &store_sqlite_ops, .self = s };
}

static void set_defaults(struct store_options *o)
{
    if (!o->history_rows_max)
        o->history_rows_max = 10000;
    if (!o->history_bytes_max)
        o->history_bytes_max = 64 * MIB;
    if (!o->history_age_ns)
        o->history_age_ns = 3600 * NS_PER_S;
    if (!o->busy_timeout_ms)
        o->busy_timeout_ms = 5000;
}

struct err *store_sqlite_open(struct arena *a, struct str path, const struct store_options *options,
                              struct store_sqlite **ret)
{
    struct store_sqlite *s = calloc(1, sizeof *s);
    struct err *e;

    if (!s)
        abort();
    s->options = *options;
    set_defaults(&s->options);
    s->path = strndup(path.ptr, path.len);
    s->lock_fd = -1;
    s->group = arena_new(0);
    s->queue_end = &s->queue;
    (void)pthread_mutex_init(&s->readers_lock, NULL);
    (void)pthread_mutex_init(&s->queue_lock, NULL);
    if (!s->path)
        abort();
    if (TRY(&e, store_open_files(s, a)) || TRY(&e, store_writer_start(s, a))) {
        store_sqlite_free(s);
        return e;
    }
    *ret = s;
    return NULL;
}

void store_sqlite_free(struct store_sqlite *s)
{
    if (!s)
        return;
    store_writer_stop(s);
    store_readers_close(s);
    (void)sqlite3_close_v2(s->db);
    if (s->lock_fd >= 0)
        (void)close(s->lock_fd);
    (void)pthread_mutex_destroy(&s->readers_lock);
    (void)pthread_mutex_destroy(&s->queue_lock);
    arena_free(s->group);
    free(s->path);
    free(s);
}
