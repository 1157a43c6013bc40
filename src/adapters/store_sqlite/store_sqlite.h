/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/store_sqlite/store_sqlite.h - the object store (ports/driven/object_store.h) in one SQLite file.
 *
 * WAL, STRICT tables, synchronous=FULL: a commit that was answered survives a power cut. One writer thread takes all
 * transactions that wait and makes them durable with one fsync; each is answered by itself. Readers use a
 * small pool of connections and see the last commit.
 *
 * Revisions are never used twice, not even when an old copy of the file is put back: at each opening the revision
 * jumps to at least REVISIONS_PER_SECOND times the age of the database, and whoever watches from a revision inside
 * that jump gets ERR_GONE. That holds while writes average below that rate.
 *
 * History for watches is bounded by rows, bytes and age; the WAL by checkpoints. An existing file is never
 * replaced: one that is locked, damaged, empty, foreign or of a newer schema is an error that names it.
 */
#ifndef ADAPTERS_STORE_SQLITE_STORE_SQLITE_H
#define ADAPTERS_STORE_SQLITE_STORE_SQLITE_H

#include "ports/driven/clock.h"
#include "ports/driven/object_store.h"

struct store_sqlite;

struct store_options {
    struct clock clock;
    size_t history_rows_max;  /* 0: 10,000 */
    size_t history_bytes_max; /* 0: 64 MiB */
    int64_t history_age_ns;   /* 0: one hour */
    int busy_timeout_ms;      /* how long to wait for a lock of another process; 0: 5,000 */
    const char *vfs;          /* NULL: SQLite's own; tests give one that fails */
};

/*
 * Opens or creates the database at `path` (its folder exists) and starts the writer. ERR_UNAVAILABLE: another process
 * has it; ERR_UNSUPPORTED: a newer schema; ERR_IO: damaged, empty, not ours, disk full, no permission.
 */
MUST_CHECK struct err *store_sqlite_open(struct arena *a, struct str path,
                                         const struct store_options *options,
                                         struct store_sqlite **ret);

/* Any thread. The subscription's callback runs on the writer thread. */
struct object_store store_sqlite_port(struct store_sqlite *s);

/* Ends the writer after what is queued, and closes. No call may be under way. NULL is fine. */
void store_sqlite_free(struct store_sqlite *s);

#endif
