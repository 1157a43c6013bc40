/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/store_sqlite/store_sqlite.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness.h"

/* ---- a clock that is moved by hand ---- */

static int64_t now_ns = 1800000000 * NS_PER_S;

static struct wall_time hand_wall(void *self)
{
    (void)self;
    return (struct wall_time){ now_ns };
}

static struct mono_time hand_mono(void *self)
{
    (void)self;
    return (struct mono_time){ now_ns };
}

static const struct clock_ops hand_clock = { .wall = hand_wall, .mono = hand_mono };

/* ---- a folder and a store in it ---- */

struct place {
    struct arena *a;
    struct run r;
    char dir[32];
    struct str path;
    struct store_sqlite *store;
    struct object_store port;
};

static struct store_options options(void)
{
    return (struct store_options){ .clock = { .ops = &hand_clock }, .busy_timeout_ms = 50 };
}

static struct err *open_store(struct place *p)
{
    struct store_options o = options();
    struct err *e = store_sqlite_open(p->a, p->path, &o, &p->store);

    if (!e)
        p->port = store_sqlite_port(p->store);
    return e;
}

static void close_store(struct place *p)
{
    store_sqlite_free(p->store);
    p->store = NULL;
}

static struct place place_new(void)
{
    struct place p = { .a = arena_new(0), .dir = "/tmp/weir-store-XXXXXX" };

    p.r = (struct run){ .arena = p.a, .deadline = MONO_NEVER };
    CHECK(mkdtemp(p.dir) != NULL);
    p.path = str_printf(p.a, "%s/weir.db", p.dir);
    return p;
}

static void place_done(struct place *p)
{
    static const char *const names[] = { "", "-wal", "-shm", ".lock", ".new", ".copy" };

    close_store(p);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(str_cstr(p->a, str_concat(p->a, p->path, str_from_cstr(names[i]))));
    CHECK(rmdir(p->dir) == 0);
    arena_free(p->a);
}

static struct store_key key(const char *ns, const char *name)
{
    return (struct store_key){ STR("/configmaps"), str_from_cstr(ns), str_from_cstr(name) };
}

static struct err *put(struct place *p, const char *name, const char *value, int64_t expected,
                       int64_t *ret_revision)
{
    struct store_write w = { .key = key("ns", name),
                             .value = str_from_cstr(value),
                             .expected_revision = expected };
    struct err *e = p->port.ops->commit(p->port.self, &p->r, &w, 1, false);

    if (ret_revision)
        *ret_revision = w.ret_revision;
    return e;
}

static struct str value_of(struct place *p, const char *name)
{
    struct store_key k = key("ns", name);
    struct store_row row = { 0 };
    bool found = false;

    CHECK(p->port.ops->get(p->port.self, &p->r, &k, &found, &row) == NULL);
    return found ? row.value : STR("(none)");
}

static struct err *changes(struct place *p, struct str resource, int64_t after, size_t limit,
                           struct store_events *ret)
{
    struct store_since since = { resource, after, limit };

    return p->port.ops->changes(p->port.self, &p->r, &since, ret);
}

/* ---- what a store does ---- */

TEST(commits_under_conditions)
{
    struct place p = place_new();
    int64_t first = 0;
    int64_t second = 0;
    struct err *e;

    REQUIRE(!open_store(&p));
    CHECK(put(&p, "a", "1", 0, &first) == NULL);
    CHECK_INT(first, 1);
    e = put(&p, "a", "x", 0, NULL);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_ALREADY_EXISTS);
    e = put(&p, "a", "x", 7, NULL);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_CONFLICT);
    e = put(&p, "missing", "x", 7, NULL);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_NOT_FOUND);
    CHECK(put(&p, "a", "2", first, &second) == NULL);
    CHECK_INT(second, 2);
    CHECK_STR(value_of(&p, "a"), "2");
    CHECK_INT(p.port.ops->revision(p.port.self), 2);
    place_done(&p);
}

TEST(commits_all_or_nothing)
{
    struct place p = place_new();
    struct store_write w[2] = { { .key = key("ns", "b"), .value = STR("1") },
                                { .key = key("ns", "a"), .value = STR("1") } };
    struct err *e;

    REQUIRE(!open_store(&p));
    REQUIRE(!put(&p, "a", "0", 0, NULL));
    e = p.port.ops->commit(p.port.self, &p.r, w, 2, false);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_ALREADY_EXISTS);
    CHECK_STR(value_of(&p, "b"), "(none)");
    CHECK_INT(p.port.ops->revision(p.port.self), 1);

    w[1].expected_revision = 1;
    CHECK(p.port.ops->commit(p.port.self, &p.r, w, 2, true) == NULL);
    CHECK_STR(value_of(&p, "b"), "(none)"); /* a dry run */
    CHECK(p.port.ops->commit(p.port.self, &p.r, w, 2, false) == NULL);
    CHECK_STR(value_of(&p, "b"), "1");
    CHECK_INT(w[1].ret_revision, 3);
    place_done(&p);
}

TEST(lists_in_order_and_in_chunks)
{
    struct place p = place_new();
    struct store_range range = { .resource = STR("/configmaps"), .limit = 2 };
    struct store_rows rows = { 0 };

    REQUIRE(!open_store(&p));
    REQUIRE(!put(&p, "c", "3", 0, NULL) && !put(&p, "a", "1", 0, NULL) &&
            !put(&p, "b", "2", 0, NULL));
    REQUIRE(!p.port.ops->list(p.port.self, &p.r, &range, &rows));
    REQUIRE(rows.count == 2);
    CHECK_STR(rows.items[0].key.name, "a");
    CHECK_STR(rows.items[1].key.name, "b");
    CHECK(rows.more);
    CHECK_INT(rows.remaining, 1);
    CHECK_INT(rows.revision, 3);
    range.after = rows.items[1].key;
    REQUIRE(!p.port.ops->list(p.port.self, &p.r, &range, &rows));
    REQUIRE(rows.count == 1);
    CHECK_STR(rows.items[0].key.name, "c");
    CHECK(!rows.more);
    range = (struct store_range){ .resource = STR("/configmaps"), .ns = STR("other") };
    REQUIRE(!p.port.ops->list(p.port.self, &p.r, &range, &rows));
    CHECK_INT(rows.count, 0);
    place_done(&p);
}

TEST(tells_what_changed)
{
    struct place p = place_new();
    struct store_write gone = {
        .key = key("ns", "a"), .remove = true, .value = STR("last"), .expected_revision = 2
    };
    struct store_events events = { 0 };
    struct err *e;

    REQUIRE(!open_store(&p));
    REQUIRE(!put(&p, "a", "1", 0, NULL) && !put(&p, "a", "2", 1, NULL));
    REQUIRE(!p.port.ops->commit(p.port.self, &p.r, &gone, 1, false));
    REQUIRE(!changes(&p, STR("/configmaps"), 0, 10, &events));
    REQUIRE(events.count == 3);
    CHECK_INT(events.items[0].type, STORE_CREATED);
    CHECK_INT(events.items[1].type, STORE_UPDATED);
    CHECK_STR(events.items[1].previous, "1");
    CHECK_INT(events.items[1].previous_revision, 1);
    CHECK_INT(events.items[2].type, STORE_REMOVED);
    CHECK_STR(events.items[2].value, "last");
    CHECK_INT(events.items[2].revision, 3);
    REQUIRE(!changes(&p, STR("/secrets"), 0, 10, &events));
    CHECK_INT(events.count, 0);

    REQUIRE(!p.port.ops->compact(p.port.self, &p.r, 2));
    e = changes(&p, STR(""), 1, 10, &events);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_GONE);
    REQUIRE(!changes(&p, STR(""), 2, 10, &events));
    CHECK_INT(events.count, 1);
    place_done(&p);
}

/* ---- many at once ---- */

enum { THREADS = 8, WRITES = 40 };

struct writer {
    struct place *p;
    int number;
    int64_t revisions[WRITES];
};

static void *write_many(void *arg)
{
    struct writer *w = arg;

    for (int i = 0; i < WRITES; i++) {
        ARENA_AUTO struct arena *a = arena_new(0);
        struct run r = { .arena = a, .deadline = MONO_NEVER };
        struct store_write one = { .value = STR("v") };

        one.key = key("ns", str_cstr(a, str_printf(a, "w%d-%d", w->number, i)));
        CHECK(w->p->port.ops->commit(w->p->port.self, &r, &one, 1, false) == NULL);
        w->revisions[i] = one.ret_revision;
    }
    return NULL;
}

TEST(gives_each_write_a_revision_of_its_own)
{
    struct place p = place_new();
    static bool seen[THREADS * WRITES + 1];
    struct writer writers[THREADS];
    pthread_t threads[THREADS];

    REQUIRE(!open_store(&p));
    for (int i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){ .p = &p, .number = i };
        REQUIRE(pthread_create(&threads[i], NULL, write_many, &writers[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        for (int k = 0; k < WRITES; k++) {
            int64_t revision = writers[i].revisions[k];

            REQUIRE(revision > 0 && revision <= THREADS * WRITES);
            CHECK(!seen[revision]);
            seen[revision] = true;
        }
    }
    CHECK_INT(p.port.ops->revision(p.port.self), THREADS * WRITES);
    place_done(&p);
}

/* ---- restarts ---- */

static bool copy_file(const char *from, const char *to)
{
    char bytes[4096];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    ssize_t n = in < 0 || out < 0 ? -1 : 0;

    while (n >= 0 && (n = read(in, bytes, sizeof bytes)) > 0)
        if (write(out, bytes, (size_t)n) != n)
            n = -1;
    (void)close(in);
    (void)close(out);
    return n == 0;
}

TEST(never_uses_a_revision_twice_after_an_old_copy_is_put_back)
{
    struct place p = place_new();
    struct str copy = str_concat(p.a, p.path, STR(".copy"));
    const char *path = str_cstr(p.a, p.path);
    struct store_events events = { 0 };
    int64_t lost = 0;
    int64_t fresh = 0;
    struct err *e;

    REQUIRE(!open_store(&p));
    REQUIRE(!put(&p, "a", "1", 0, NULL));
    close_store(&p);
    REQUIRE(rename(path, str_cstr(p.a, copy)) == 0);
    REQUIRE(copy_file(str_cstr(p.a, copy), path));
    now_ns += 60 * NS_PER_S;
    REQUIRE(!open_store(&p));
    REQUIRE(!put(&p, "b", "1", 0, &lost));
    close_store(&p);

    REQUIRE(rename(str_cstr(p.a, copy), path) == 0); /* back to the backup */
    now_ns += 60 * NS_PER_S;
    REQUIRE(!open_store(&p));
    CHECK_STR(value_of(&p, "b"), "(none)");
    REQUIRE(!put(&p, "c", "1", 0, &fresh));
    CHECK(fresh > lost);
    /* Who saw the lost write is told to list again; who stands where both pasts agree is not. */
    e = changes(&p, STR(""), lost, 10, &events);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_GONE);
    REQUIRE(!changes(&p, STR(""), 1, 10, &events));
    CHECK_INT(events.count, 1);
    place_done(&p);
}

TEST(bounds_history_by_rows)
{
    struct place p = place_new();
    struct store_options o = options();
    struct store_events events = { 0 };
    struct err *e;

    o.history_rows_max = 50;
    REQUIRE(!store_sqlite_open(p.a, p.path, &o, &p.store));
    p.port = store_sqlite_port(p.store);
    for (int i = 0; i < 500; i++)
        REQUIRE(!put(&p, "a", "value", i, NULL));
    close_store(&p); /* the writer trims before it ends */
    REQUIRE(!open_store(&p));
    e = changes(&p, STR(""), 100, 1000, &events);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_GONE);
    REQUIRE(!changes(&p, STR(""), 490, 1000, &events));
    CHECK_INT(events.count, 10);
    CHECK_STR(value_of(&p, "a"), "value");
    place_done(&p);
}

static off_t size_of(struct place *p, const char *suffix)
{
    struct stat st;

    return stat(str_cstr(p->a, str_concat(p->a, p->path, str_from_cstr(suffix))), &st) == 0
               ? st.st_size
               : 0;
}

/* A reader of another program that does not end holds the log open; writes go on, and afterwards it shrinks. */
TEST(bounds_its_log_once_no_reader_holds_it)
{
    struct place p = place_new();
    char big[60000];
    sqlite3 *reader = NULL;

    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    REQUIRE(!open_store(&p));
    REQUIRE(!put(&p, "a", "1", 0, NULL));
    REQUIRE(sqlite3_open(str_cstr(p.a, p.path), &reader) == SQLITE_OK);
    REQUIRE(sqlite3_exec(reader, "BEGIN; SELECT * FROM objects", NULL, NULL, NULL) == SQLITE_OK);
    for (int i = 0; i < 300; i++)
        REQUIRE(!put(&p, str_cstr(p.a, str_printf(p.a, "n%d", i)), big, 0, NULL));
    CHECK(size_of(&p, "-wal") > 16 * 1024 * 1024);
    (void)sqlite3_close(reader);
    for (int i = 0; i < 100; i++)
        REQUIRE(!put(&p, str_cstr(p.a, str_printf(p.a, "n%d", i)), big, i + 2, NULL));
    CHECK(size_of(&p, "-wal") < 20 * 1024 * 1024);
    CHECK_STR(value_of(&p, "n299"), big);
    place_done(&p);
}

/* ---- faults: a named error, and what was there stays there ---- */

/* Writes bytes into the file, or a new one with them where `at` is -1. */
static void overwrite(struct place *p, const void *bytes, size_t size, off_t at)
{
    int fd = open(str_cstr(p->a, p->path), O_WRONLY | O_CLOEXEC | (at < 0 ? O_CREAT | O_EXCL : 0),
                  0600);

    CHECK(fd >= 0);
    CHECK(pwrite(fd, bytes, size, at < 0 ? 0 : at) == (ssize_t)size);
    (void)close(fd);
}

static void check_refusal(struct place *p, enum err_code code, const char *reason)
{
    struct err *e = open_store(p);

    REQUIRE(e);
    CHECK_INT(e->code, code);
    CHECK_HAS(err_line(p->a, e), reason);
    CHECK_HAS(err_line(p->a, e), p->path);
}

TEST(refuses_an_empty_file)
{
    struct place p = place_new();

    overwrite(&p, "", 0, -1);
    check_refusal(&p, ERR_IO, "the file is empty");
    place_done(&p);
}

TEST(refuses_what_is_no_database)
{
    struct place p = place_new();
    char text[4096] = "this is a letter to a friend";

    overwrite(&p, text, sizeof text, -1);
    check_refusal(&p, ERR_IO, "damaged");
    place_done(&p);
}

TEST(refuses_a_database_of_somebody_else)
{
    struct place p = place_new();
    sqlite3 *db = NULL;

    REQUIRE(sqlite3_open(str_cstr(p.a, p.path), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "CREATE TABLE bookmarks(url TEXT)", NULL, NULL, NULL) == SQLITE_OK);
    (void)sqlite3_close(db);
    check_refusal(&p, ERR_IO, "not a database of weir");
    place_done(&p);
}

TEST(refuses_a_newer_schema)
{
    struct place p = place_new();
    sqlite3 *db = NULL;

    REQUIRE(!open_store(&p));
    REQUIRE(!put(&p, "a", "1", 0, NULL));
    close_store(&p);
    REQUIRE(sqlite3_open(str_cstr(p.a, p.path), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "PRAGMA user_version=99", NULL, NULL, NULL) == SQLITE_OK);
    (void)sqlite3_close(db);
    check_refusal(&p, ERR_UNSUPPORTED, "schema version 99");
    REQUIRE(sqlite3_open(str_cstr(p.a, p.path), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "PRAGMA user_version=1", NULL, NULL, NULL) == SQLITE_OK);
    (void)sqlite3_close(db);
    REQUIRE(!open_store(&p));
    CHECK_STR(value_of(&p, "a"), "1");
    place_done(&p);
}

TEST(refuses_a_damaged_page)
{
    struct place p = place_new();
    char rubbish[2048];

    memset(rubbish, 0x5a, sizeof rubbish);
    REQUIRE(!open_store(&p));
    for (int i = 0; i < 200; i++)
        REQUIRE(
            !put(&p, str_cstr(p.a, str_printf(p.a, "n%d", i)), "some value of an object", 0, NULL));
    close_store(&p);
    overwrite(&p, rubbish, sizeof rubbish, 4 * 4096);
    overwrite(&p, rubbish, sizeof rubbish, 8 * 4096);
    check_refusal(&p, ERR_IO, "damaged");
    place_done(&p);
}

TEST(refuses_a_log_without_its_database)
{
    struct place p = place_new();
    struct place log = { .a = p.a, .path = str_concat(p.a, p.path, STR("-wal")) };

    overwrite(&log, "log", 3, -1);
    check_refusal(&p, ERR_IO, "the database is missing");
    CHECK(access(str_cstr(p.a, p.path), F_OK) != 0);
    place_done(&p);
}

TEST(refuses_a_second_weir)
{
    struct place p = place_new();
    struct place second = { .a = p.a, .r = p.r, .path = p.path };

    REQUIRE(!open_store(&p));
    check_refusal(&second, ERR_UNAVAILABLE, "in use by another process");
    place_done(&p);
}

TEST(names_the_lock_of_another_program)
{
    struct place p = place_new();
    sqlite3 *db = NULL;
    struct err *e;

    REQUIRE(!open_store(&p));
    REQUIRE(sqlite3_open(str_cstr(p.a, p.path), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
    e = put(&p, "a", "1", 0, NULL);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_UNAVAILABLE);
    CHECK_HAS(err_line(p.a, e), "locked by another process");
    REQUIRE(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK);
    (void)sqlite3_close(db);
    CHECK(put(&p, "a", "1", 0, NULL) == NULL);
    place_done(&p);
}

/* ---- a file system that fills up: SQLite's own, with a ceiling on file sizes ---- */

/* Databases and logs have methods of their own. */
struct small_file {
    const sqlite3_io_methods *real;
    sqlite3_io_methods small;
};

static sqlite3_vfs small_vfs;
static struct small_file small_kinds[2];
static sqlite3_int64 file_bytes_max = INT64_MAX;

static int small_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    const struct small_file *kind = f->pMethods == &small_kinds[0].small ? &small_kinds[0]
                                                                         : &small_kinds[1];

    if (at + size > file_bytes_max)
        return SQLITE_FULL;
    return kind->real->xWrite(f, bytes, size, at);
}

static int small_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *f, int flags, int *out)
{
    sqlite3_vfs *unix_vfs = vfs->pAppData;
    struct small_file *kind = flags & SQLITE_OPEN_WAL ? &small_kinds[1] : &small_kinds[0];
    int rc = unix_vfs->xOpen(unix_vfs, name, f, flags, out);

    if (rc == SQLITE_OK && f->pMethods && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB))) {
        if (!kind->real) {
            kind->real = f->pMethods;
            kind->small = *kind->real;
            kind->small.xWrite = small_write;
        }
        f->pMethods = &kind->small;
    }
    return rc;
}

TEST(survives_a_full_disk)
{
    struct place p = place_new();
    struct store_options o = options();
    char big[20000];
    struct err *e = NULL;
    int written = 0;

    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    small_vfs = *sqlite3_vfs_find(NULL);
    small_vfs.pAppData = sqlite3_vfs_find(NULL);
    small_vfs.zName = "small";
    small_vfs.xOpen = small_open;
    REQUIRE(sqlite3_vfs_register(&small_vfs, 0) == SQLITE_OK);
    o.vfs = "small";
    REQUIRE(!store_sqlite_open(p.a, p.path, &o, &p.store));
    p.port = store_sqlite_port(p.store);
    file_bytes_max = 1024 * 1024;
    for (; written < 200 && !e; written += !e)
        e = put(&p, str_cstr(p.a, str_printf(p.a, "n%d", written)), big, 0, NULL);
    REQUIRE(e);
    CHECK_INT(e->code, ERR_IO);
    CHECK_HAS(err_line(p.a, e), "the disk is full");
    CHECK(written > 5);
    /* Nothing of the refused write is there, everything before it is, and it goes on when there is room. */
    CHECK_STR(value_of(&p, str_cstr(p.a, str_printf(p.a, "n%d", written))), "(none)");
    CHECK_STR(value_of(&p, str_cstr(p.a, str_printf(p.a, "n%d", written - 1))), big);
    CHECK_INT(p.port.ops->revision(p.port.self), written);
    file_bytes_max = INT64_MAX;
    CHECK(put(&p, "again", "1", 0, NULL) == NULL);
    close_store(&p);
    (void)sqlite3_vfs_unregister(&small_vfs);
    REQUIRE(!open_store(&p));
    CHECK_STR(value_of(&p, "again"), "1");
    CHECK_STR(value_of(&p, "n3"), big);
    place_done(&p);
}
