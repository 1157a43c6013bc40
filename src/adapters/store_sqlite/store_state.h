/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/store_sqlite/store_state.h - private to the adapter: what its files share.
 */
#ifndef ADAPTERS_STORE_SQLITE_STORE_STATE_H
#define ADAPTERS_STORE_SQLITE_STORE_STATE_H

#include <pthread.h>
#include <sqlite3.h>

#include "adapters/store_sqlite/store_sqlite.h"

enum {
    STORE_APPLICATION_ID = 0x77656972, /* "weir" in the file's header */
    STORE_SCHEMA_VERSION = 1,
    STORE_REVISIONS_PER_SECOND = 10000,
    STORE_READERS_IDLE_MAX = 4, /* connections kept open; each costs about 100 kB */
    STORE_GROUP_MAX = 256,      /* transactions of one commit */
};

struct store_reader {
    sqlite3 *db;
    sqlite3_stmt *begin, *end, *state;
    sqlite3_stmt *get, *list_all, *list_ns, *count_all, *count_ns;
    sqlite3_stmt *changes_all, *changes_of;
    struct store_reader *next; /* under readers_lock while idle */
};

/* A transaction in the queue; lives on the stack of the thread that waits for it. */
struct store_job {
    struct run *run; /* the waiting caller's; its arena takes the error */
    struct store_write *writes;
    size_t count;
    bool dry_run;
    int64_t compact; /* > 0: forget history up to here instead of writing */
    struct err *err;
    bool done;
    bool refused; /* answered before the commit: a condition did not hold */
    pthread_cond_t answered;
    struct store_job *next;
};

struct store_sqlite {
    struct store_options options;
    char *path;
    int lock_fd;
    atomic_int_fast64_t revision; /* of the last commit */

    pthread_mutex_t readers_lock;
    struct store_reader *readers; /* idle ones */
    size_t readers_idle;

    pthread_mutex_t queue_lock;
    pthread_cond_t queue_changed;
    struct store_job *queue; /* oldest first */
    struct store_job **queue_end;
    bool stopping;
    bool started;
    pthread_t writer;

    /* The writer thread's alone. */
    sqlite3 *db;
    sqlite3_stmt *begin, *commit, *rollback, *find, *put, *drop, *note, *advance;
    struct arena *group; /* previous states and events of one commit */
    size_t history_rows;
    size_t history_bytes;
    int wal_pages;
    int checkpoint_hard_at; /* pages at which readers are waited for again */

    void (*subscriber)(void *ctx, const struct store_event *events, size_t count);
    void *subscriber_ctx;
};

/* An error for a SQLite result code, naming the file, the reason and what to do. */
struct err *store_err(const struct store_sqlite *s, struct arena *a, sqlite3 *db, int rc,
                      const char *doing);

/* Statement compiled to be kept. */
int store_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **ret);
int store_exec(sqlite3 *db, const char *sql);
/* Runs a statement without rows and resets it. SQLITE_DONE becomes SQLITE_OK. */
int store_run(sqlite3_stmt *statement);
void store_bind(sqlite3_stmt *statement, int index, struct str text);
/* A column's bytes, copied into the arena. */
struct str store_column(struct arena *a, sqlite3_stmt *statement, int column);

/* store_open.c */
MUST_CHECK struct err *store_open_files(struct store_sqlite *s, struct arena *a);
int store_connect(const struct store_sqlite *s, const char *path, int flags, sqlite3 **ret);

/* store_write.c */
MUST_CHECK struct err *store_writer_start(struct store_sqlite *s, struct arena *a);
void store_writer_stop(struct store_sqlite *s);
void store_submit(struct store_sqlite *s, struct store_job *job); /* blocks until answered */

/* store_history.c: on the writer thread, between commits */
bool store_history_trim(struct store_sqlite *s); /* true: there is more to do */
int store_history_compact(struct store_sqlite *s, int64_t revision);
void store_checkpoint(struct store_sqlite *s);

/* store_read.c */
struct err *store_get(void *self, struct run *r, const struct store_key *key, bool *ret_found,
                      struct store_row *ret);
struct err *store_list(void *self, struct run *r, const struct store_range *range,
                       struct store_rows *ret);
struct err *store_changes(void *self, struct run *r, const struct store_since *since,
                          struct store_events *ret);
void store_readers_close(struct store_sqlite *s);

#endif
