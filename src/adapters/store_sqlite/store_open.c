/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: locks, a new file, the checks an old one must pass, schema versions. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/store_sqlite/store_state.h"
#include "base/limits.h"

/* Files up to this size are read whole at the start, so that damage is found before it is served. */
#define QUICK_CHECK_BYTES ((off_t)(16 * MIB))

static const char schema_v1[] =
    "CREATE TABLE state(id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL,"
    " compacted INTEGER NOT NULL, gap_low INTEGER NOT NULL, gap_high INTEGER NOT NULL,"
    " created_s INTEGER NOT NULL) STRICT;"
    "CREATE TABLE objects(resource TEXT NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL,"
    " revision INTEGER NOT NULL, value ANY NOT NULL, PRIMARY KEY (resource, ns, name)) STRICT;"
    "CREATE TABLE history(revision INTEGER PRIMARY KEY, type INTEGER NOT NULL,"
    " resource TEXT NOT NULL, ns TEXT NOT NULL, name TEXT NOT NULL, value ANY NOT NULL,"
    " previous ANY NOT NULL, previous_revision INTEGER NOT NULL, at_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX history_of ON history(resource, revision);";

/* schemas[i] brings version i to i + 1; never edited once released, only appended to. */
static const char *const schemas[] = { schema_v1 };

_Static_assert(sizeof schemas / sizeof schemas[0] == STORE_SCHEMA_VERSION,
               "one script for each schema version");

int store_connect(const struct store_sqlite *s, const char *path, int flags, sqlite3 **ret)
{
    int rc = sqlite3_open_v2(path, ret, flags | SQLITE_OPEN_NOMUTEX, s->options.vfs);

    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(*ret, s->options.busy_timeout_ms);
    if (rc == SQLITE_OK)
        rc = sqlite3_extended_result_codes(*ret, 1);
    /* 512 kB of pages a connection: the kernel caches the file as well. */
    if (rc == SQLITE_OK)
        rc = store_exec(*ret, "PRAGMA cache_size=-512; PRAGMA foreign_keys=OFF;"
                              "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;");
    return rc;
}

static int pragma_int(sqlite3 *db, const char *sql, int64_t *ret)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &q, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_step(q);
        if (rc == SQLITE_ROW) {
            *ret = sqlite3_column_int64(q, 0);
            rc = SQLITE_OK;
        }
    }
    (void)sqlite3_finalize(q);
    return rc;
}

/* One weir a file: an flock on a file beside it, because SQLite's own locks come and go. */
static struct err *take_lock(struct store_sqlite *s, struct arena *a)
{
    const char *name = str_cstr(a, str_printf(a, "%s.lock", s->path));
    char text[32];

    s->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock_fd < 0)
        return err_new(a, ERR_IO, "%s: could not be opened: %s", name, strerror(errno));
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t n = read(s->lock_fd, text, sizeof text - 1);

        text[n > 0 ? n : 0] = '\0';
        return err_new(a, ERR_UNAVAILABLE,
                       "%s: the database is in use by another process (%s); stop it, or choose "
                       "another data folder",
                       s->path, n > 0 ? str_cstr(a, str_trim(str_from_cstr(text))) : "unknown");
    }
    (void)snprintf(text, sizeof text, "pid %ld\n", (long)getpid());
    if (ftruncate(s->lock_fd, 0) != 0 ||
        pwrite(s->lock_fd, text, strlen(text), 0) != (ssize_t)strlen(text))
        return err_new(a, ERR_IO, "%s: could not be written: %s", name, strerror(errno));
    return NULL;
}

static int migrate(sqlite3 *db, int64_t from)
{
    int rc = store_exec(db, "BEGIN IMMEDIATE");

    for (int64_t v = from; rc == SQLITE_OK && v < STORE_SCHEMA_VERSION; v++)
        rc = store_exec(db, schemas[v]);
    if (rc == SQLITE_OK) {
        char sql[64];

        (void)snprintf(sql, sizeof sql, "PRAGMA user_version=%d", (int)STORE_SCHEMA_VERSION);
        rc = store_exec(db, sql);
    }
    if (rc == SQLITE_OK)
        rc = store_exec(db, "COMMIT");
    return rc;
}

static int fill_new(const struct store_sqlite *s, sqlite3 *db)
{
    char sql[256];
    int rc = store_exec(db, "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL;"
                            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");

    (void)snprintf(sql, sizeof sql, "PRAGMA application_id=%d", STORE_APPLICATION_ID);
    if (rc == SQLITE_OK)
        rc = store_exec(db, sql);
    if (rc == SQLITE_OK)
        rc = migrate(db, 0);
    (void)snprintf(sql, sizeof sql, "INSERT INTO state VALUES (1, 0, 0, 0, 0, %lld)",
                   (long long)(clock_wall(&s->options.clock).ns / NS_PER_S));
    if (rc == SQLITE_OK)
        rc = store_exec(db, sql);
    return rc;
}

/* Made under another name and renamed when whole: a crash here leaves no half database behind. */
static struct err *create_file(struct store_sqlite *s, struct arena *a)
{
    const char *fresh = str_cstr(a, str_printf(a, "%s.new", s->path));
    const char *wal = str_cstr(a, str_printf(a, "%s-wal", s->path));
    struct stat st;
    sqlite3 *db = NULL;
    struct err *e = NULL;
    int rc;

    if (stat(wal, &st) == 0)
        return err_new(
            a, ERR_IO,
            "%s: the database is missing but its log %s is there; put the database back, "
            "or move the log away to start with an empty cluster",
            s->path, wal);
    (void)unlink(fresh);
    rc = store_connect(s, fresh, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db);
    if (rc == SQLITE_OK)
        rc = fill_new(s, db);
    if (rc != SQLITE_OK)
        e = store_err(s, a, db, rc, "create it");
    (void)sqlite3_close(db);
    if (!e && (chmod(fresh, 0600) != 0 || rename(fresh, s->path) != 0))
        e = err_new(a, ERR_IO, "%s: could not be created: %s", s->path, strerror(errno));
    if (e)
        (void)unlink(fresh);
    return e;
}

static struct err *check_content(struct store_sqlite *s, struct arena *a, off_t size)
{
    sqlite3_stmt *q = NULL;
    struct err *e = NULL;
    int rc;

    if (size > QUICK_CHECK_BYTES)
        return NULL;
    rc = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc != SQLITE_ROW) {
        e = store_err(s, a, s->db, rc, "check it");
    } else if (strcmp((const char *)sqlite3_column_text(q, 0), "ok") != 0) {
        e = err_new(
            a, ERR_IO,
            "%s: the database is damaged (%s); restore it from a backup, or move it away to "
            "start with an empty cluster",
            s->path, (const char *)sqlite3_column_text(q, 0));
    }
    (void)sqlite3_finalize(q);
    return e;
}

static struct err *check_header(struct store_sqlite *s, struct arena *a)
{
    int64_t id = 0;
    int64_t version = 0;
    int rc = pragma_int(s->db, "PRAGMA application_id", &id);

    if (rc == SQLITE_OK)
        rc = pragma_int(s->db, "PRAGMA user_version", &version);
    if (rc != SQLITE_OK)
        return store_err(s, a, s->db, rc, "open it");
    if (id != STORE_APPLICATION_ID)
        return err_new(a, ERR_IO, "%s: not a database of weir; choose another data folder",
                       s->path);
    if (version > STORE_SCHEMA_VERSION)
        return err_new(a, ERR_UNSUPPORTED,
                       "%s: the database has schema version %lld, newer than this weir's %d; run "
                       "the newer weir, or restore a backup",
                       s->path, (long long)version, STORE_SCHEMA_VERSION);
    rc = version < STORE_SCHEMA_VERSION ? migrate(s->db, version) : SQLITE_OK;
    return rc == SQLITE_OK ? NULL : store_err(s, a, s->db, rc, "bring it to the current schema");
}

/* The jump of revisions at each opening (store_sqlite.h). */
static int leap(struct store_sqlite *s)
{
    sqlite3_stmt *q = NULL;
    int64_t floor = (clock_wall(&s->options.clock).ns / NS_PER_S) * STORE_REVISIONS_PER_SECOND;
    int rc = sqlite3_prepare_v2(
        s->db,
        "UPDATE state SET gap_low = revision, gap_high = ?1 - created_s * ?2,"
        " compacted = max(compacted, gap_high), revision = ?1 - created_s * ?2"
        " WHERE ?1 - created_s * ?2 > revision AND revision > 0",
        -1, &q, NULL);

    if (rc == SQLITE_OK) {
        (void)sqlite3_bind_int64(q, 1, floor);
        (void)sqlite3_bind_int64(q, 2, STORE_REVISIONS_PER_SECOND);
        rc = store_run(q);
    }
    (void)sqlite3_finalize(q);
    return rc;
}

static int load_state(struct store_sqlite *s)
{
    int64_t revision = 0;
    int64_t rows = 0;
    int64_t bytes = 0;
    int rc = pragma_int(s->db, "SELECT revision FROM state", &revision);

    if (rc == SQLITE_OK)
        rc = pragma_int(s->db, "SELECT count(*) FROM history", &rows);
    if (rc == SQLITE_OK)
        rc = pragma_int(s->db,
                        "SELECT coalesce(sum(length(value) + length(previous)), 0) FROM history",
                        &bytes);
    s->history_rows = (size_t)rows;
    s->history_bytes = (size_t)bytes;
    atomic_store(&s->revision, revision);
    return rc;
}

struct err *store_open_files(struct store_sqlite *s, struct arena *a)
{
    struct stat st;
    struct err *e;
    int rc;

    if (TRY(&e, take_lock(s, a)))
        return e;
    if (stat(s->path, &st) != 0) {
        if (errno != ENOENT)
            return err_new(a, ERR_IO, "%s: could not be opened: %s", s->path, strerror(errno));
        if (TRY(&e, create_file(s, a)))
            return e;
        st.st_size = 1;
    }
    if (st.st_size == 0)
        return err_new(a, ERR_IO,
                       "%s: the file is empty, which no database is; restore it from a backup, or "
                       "remove it to start with an empty cluster",
                       s->path);
    rc = store_connect(s, s->path, SQLITE_OPEN_READWRITE, &s->db);
    if (rc == SQLITE_OK)
        rc = store_exec(s->db, "PRAGMA synchronous=FULL; PRAGMA journal_size_limit=16777216;");
    if (rc != SQLITE_OK)
        return store_err(s, a, s->db, rc, "open it");
    if (TRY(&e, check_header(s, a)) || TRY(&e, check_content(s, a, st.st_size)))
        return e;
    rc = leap(s);
    if (rc == SQLITE_OK)
        rc = load_state(s);
    return rc == SQLITE_OK ? NULL : store_err(s, a, s->db, rc, "open it");
}
