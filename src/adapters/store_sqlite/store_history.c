/* SPDX-License-Identifier: Apache-2.0 */
/* What keeps the file small: history is trimmed in slices, the log is folded back into the database. */
#include "adapters/store_sqlite/store_state.h"

enum {
    TRIM_ROWS = 1000,             /* of one slice, so that no commit waits long behind it */
    TRIM_SLACK = 256,             /* rows over the maximum before a slice is worth a transaction */
    VACUUM_PAGES = 256,           /* pages given back to the file system after a slice */
    CHECKPOINT_PAGES = 1000,      /* 4 MB: fold back what no reader holds */
    CHECKPOINT_HARD_PAGES = 4000, /* 16 MB: wait for readers and cut the file */
    CHECKPOINT_WAIT_MS = 50,
};

static int scalar(struct store_sqlite *s, const char *sql, int64_t arg, int64_t *ret)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);

    if (rc == SQLITE_OK) {
        (void)sqlite3_bind_int64(q, 1, arg);
        rc = sqlite3_step(q);
        if (rc == SQLITE_ROW)
            *ret = sqlite3_column_int64(q, 0);
        rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    (void)sqlite3_finalize(q);
    return rc;
}

/* Inside a transaction. Objects stay. */
int store_history_compact(struct store_sqlite *s, int64_t revision)
{
    int64_t bytes = 0;
    int64_t ignored = 0;
    int rc = scalar(s,
                    "SELECT coalesce(sum(length(value) + length(previous)), 0) FROM history"
                    " WHERE revision <= ?1",
                    revision, &bytes);

    if (rc == SQLITE_OK)
        rc = scalar(s, "DELETE FROM history WHERE revision <= ?1", revision, &ignored);
    if (rc == SQLITE_OK) {
        s->history_rows -= (size_t)sqlite3_changes(s->db);
        s->history_bytes -= (size_t)bytes;
        rc = scalar(s, "UPDATE state SET compacted = max(compacted, ?1)", revision, &ignored);
    }
    return rc;
}

/* The newest revision that shall go, 0 for none; at most a slice away from the oldest. */
static int64_t trim_target(struct store_sqlite *s)
{
    const struct store_options *o = &s->options;
    int64_t target = 0;
    int64_t oldest_ms = INT64_MAX;
    int64_t cutoff_ms = (clock_wall(&o->clock).ns - o->history_age_ns) / NS_PER_MS;
    size_t over = 0;

    if (s->history_rows > o->history_rows_max + TRIM_SLACK)
        over = s->history_rows - o->history_rows_max;
    if (s->history_bytes > o->history_bytes_max && s->history_rows > over)
        over = over ? over : (s->history_rows + 7) / 8;
    if (over > TRIM_ROWS)
        over = TRIM_ROWS;
    if (over)
        (void)scalar(s, "SELECT revision FROM history ORDER BY revision LIMIT 1 OFFSET ?1",
                     (int64_t)over - 1, &target);
    if (target || !s->history_rows)
        return target;
    (void)scalar(s, "SELECT at_ms FROM history ORDER BY revision LIMIT 1 OFFSET ?1", 0, &oldest_ms);
    if (oldest_ms < cutoff_ms)
        (void)scalar(s,
                     "SELECT max(revision) FROM (SELECT revision, at_ms FROM history"
                     " ORDER BY revision LIMIT 1000) WHERE at_ms < ?1",
                     cutoff_ms, &target);
    return target;
}

bool store_history_trim(struct store_sqlite *s)
{
    int64_t target = trim_target(s);
    size_t rows = s->history_rows;
    size_t bytes = s->history_bytes;
    char sql[48];
    int rc;

    if (!target)
        return false;
    rc = store_run(s->begin);
    if (rc == SQLITE_OK)
        rc = store_history_compact(s, target);
    if (rc == SQLITE_OK)
        rc = store_run(s->commit);
    if (rc != SQLITE_OK) {
        /* Nobody asked for it, so nobody is told: the next commit that fails for the same reason says why. */
        (void)store_run(s->rollback);
        s->history_rows = rows;
        s->history_bytes = bytes;
        return false;
    }
    (void)sqlite3_snprintf(sizeof sql, sql, "PRAGMA incremental_vacuum(%d)", VACUUM_PAGES);
    (void)store_exec(s->db, sql);
    return true;
}

void store_checkpoint(struct store_sqlite *s)
{
    int pages = s->wal_pages;

    if (pages < CHECKPOINT_PAGES)
        return;
    if (pages < s->checkpoint_hard_at || pages < CHECKPOINT_HARD_PAGES) {
        (void)sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        return;
    }
    /* A reader that will not end may hold this up, but not for long, and not at every commit. */
    (void)sqlite3_busy_timeout(s->db, CHECKPOINT_WAIT_MS);
    s->checkpoint_hard_at = pages + CHECKPOINT_PAGES;
    if (sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) ==
        SQLITE_OK) {
        s->checkpoint_hard_at = 0;
        s->wal_pages = 0;
    }
    (void)sqlite3_busy_timeout(s->db, s->options.busy_timeout_ms);
}
