/* SPDX-License-Identifier: Apache-2.0 */
/* Reading: a pool of connections, each used by one thread at a time. */
#include <stdlib.h>

#include "adapters/store_sqlite/store_state.h"
#include "base/vec.h"

#define ROW_COLUMNS "ns, name, revision, value"
#define EVENT_COLUMNS "type, resource, ns, name, value, previous, revision, previous_revision"

static void reader_free(struct store_reader *c)
{
    sqlite3_stmt *const all[] = { c->begin,      c->end,        c->state,     c->get,
                                  c->list_all,   c->list_ns,    c->count_all, c->count_ns,
                                  c->changes_of, c->changes_all };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        (void)sqlite3_finalize(all[i]);
    (void)sqlite3_close_v2(c->db);
    free(c);
}

static int reader_prepare(struct store_reader *c)
{
    const struct {
        sqlite3_stmt **to;
        const char *sql;
    } all[] = {
        { &c->begin, "BEGIN" },
        { &c->end, "COMMIT" },
        { &c->state, "SELECT revision, compacted, gap_low, gap_high FROM state" },
        { &c->get, "SELECT revision, value FROM objects WHERE resource = ?1 AND ns = ?2"
                   " AND name = ?3" },
        { &c->list_all, "SELECT " ROW_COLUMNS " FROM objects WHERE resource = ?1"
                        " AND (ns, name) > (?2, ?3) ORDER BY ns, name LIMIT ?4" },
        { &c->list_ns, "SELECT " ROW_COLUMNS " FROM objects WHERE resource = ?1 AND ns = ?2"
                       " AND name > ?3 ORDER BY name LIMIT ?4" },
        { &c->count_all, "SELECT count(*) FROM objects WHERE resource = ?1"
                         " AND (ns, name) > (?2, ?3)" },
        { &c->count_ns, "SELECT count(*) FROM objects WHERE resource = ?1 AND ns = ?2"
                        " AND name > ?3" },
        { &c->changes_all, "SELECT " EVENT_COLUMNS " FROM history WHERE revision > ?2"
                           " ORDER BY revision LIMIT ?3" },
        { &c->changes_of, "SELECT " EVENT_COLUMNS " FROM history WHERE resource = ?1"
                          " AND revision > ?2 ORDER BY revision LIMIT ?3" },
    };
    int rc = SQLITE_OK;

    for (size_t i = 0; rc == SQLITE_OK && i < sizeof all / sizeof all[0]; i++)
        rc = store_prepare(c->db, all[i].sql, all[i].to);
    return rc;
}

/* NULL: *ret_err says why. */
static struct store_reader *reader_take(struct store_sqlite *s, struct arena *a,
                                        struct err **ret_err)
{
    struct store_reader *c;
    int rc;

    pthread_mutex_lock(&s->readers_lock);
    c = s->readers;
    if (c) {
        s->readers = c->next;
        s->readers_idle--;
    }
    pthread_mutex_unlock(&s->readers_lock);
    if (!c) {
        c = calloc(1, sizeof *c);
        if (!c)
            abort();
        rc = store_connect(s, s->path, SQLITE_OPEN_READONLY, &c->db);
        if (rc == SQLITE_OK)
            rc = reader_prepare(c);
        if (rc != SQLITE_OK) {
            *ret_err = store_err(s, a, c->db, rc, "read it");
            reader_free(c);
            return NULL;
        }
    }
    return c;
}

static void reader_give(struct store_sqlite *s, struct store_reader *c)
{
    bool keep;

    pthread_mutex_lock(&s->readers_lock);
    keep = s->readers_idle < STORE_READERS_IDLE_MAX;
    if (keep) {
        c->next = s->readers;
        s->readers = c;
        s->readers_idle++;
    }
    pthread_mutex_unlock(&s->readers_lock);
    if (!keep)
        reader_free(c);
}

void store_readers_close(struct store_sqlite *s)
{
    while (s->readers) {
        struct store_reader *c = s->readers;

        s->readers = c->next;
        reader_free(c);
    }
}

struct err *store_get(void *self, struct run *r, const struct store_key *key, bool *ret_found,
                      struct store_row *ret)
{
    struct store_sqlite *s = self;
    struct store_reader *c;
    struct err *e = NULL;
    int rc;

    c = reader_take(s, r->arena, &e);
    if (!c)
        return e;
    store_bind(c->get, 1, key->resource);
    store_bind(c->get, 2, key->ns);
    store_bind(c->get, 3, key->name);
    rc = sqlite3_step(c->get);
    *ret_found = rc == SQLITE_ROW;
    if (*ret_found)
        *ret = (struct store_row){ .key = *key,
                                   .revision = sqlite3_column_int64(c->get, 0),
                                   .value = store_column(r->arena, c->get, 1) };
    else if (rc != SQLITE_DONE)
        e = store_err(s, r->arena, c->db, rc, "read it");
    (void)sqlite3_reset(c->get);
    reader_give(s, c);
    return e;
}

struct snapshot {
    int64_t revision;
    int64_t compacted;
    int64_t gap_low;
    int64_t gap_high;
};

/* Opens a read transaction and says where it stands. */
static int snapshot_begin(struct store_reader *c, struct snapshot *ret)
{
    int rc = store_run(c->begin);

    if (rc != SQLITE_OK)
        return rc;
    rc = sqlite3_step(c->state);
    if (rc == SQLITE_ROW) {
        *ret = (struct snapshot){ .revision = sqlite3_column_int64(c->state, 0),
                                  .compacted = sqlite3_column_int64(c->state, 1),
                                  .gap_low = sqlite3_column_int64(c->state, 2),
                                  .gap_high = sqlite3_column_int64(c->state, 3) };
        rc = SQLITE_OK;
    } else if (rc == SQLITE_DONE) {
        rc = SQLITE_CORRUPT; /* the one row of `state` is missing */
    }
    (void)sqlite3_reset(c->state);
    return rc;
}

static int list_count(sqlite3_stmt *count, const struct store_rows *rows, size_t *ret)
{
    const struct store_key *last = &rows->items[rows->count - 1].key;
    int rc;

    store_bind(count, 1, last->resource);
    store_bind(count, 2, last->ns);
    store_bind(count, 3, last->name);
    rc = sqlite3_step(count);
    if (rc == SQLITE_ROW) {
        *ret = (size_t)sqlite3_column_int64(count, 0);
        rc = SQLITE_OK;
    }
    (void)sqlite3_reset(count);
    return rc;
}

static int list_rows(struct store_reader *c, struct arena *a, const struct store_range *range,
                     struct store_rows *ret)
{
    sqlite3_stmt *q = range->ns.len ? c->list_ns : c->list_all;
    size_t cap = 0;
    int rc;

    store_bind(q, 1, range->resource);
    store_bind(q, 2, range->ns.len ? range->ns : range->after.ns);
    store_bind(q, 3, range->after.name);
    (void)sqlite3_bind_int64(q, 4, range->limit ? (int64_t)range->limit : -1);
    while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
        struct store_row *row;

        ret->items = vec_grow(a, ret->items, ret->count, &cap, sizeof *ret->items);
        row = &ret->items[ret->count++];
        row->key.resource = range->resource;
        row->key.ns = store_column(a, q, 0);
        row->key.name = store_column(a, q, 1);
        row->revision = sqlite3_column_int64(q, 2);
        row->value = store_column(a, q, 3);
    }
    (void)sqlite3_reset(q);
    if (rc != SQLITE_DONE)
        return rc;
    if (!range->limit || ret->count < range->limit)
        return SQLITE_OK;
    rc = list_count(range->ns.len ? c->count_ns : c->count_all, ret, &ret->remaining);
    ret->more = ret->remaining > 0;
    return rc;
}

struct err *store_list(void *self, struct run *r, const struct store_range *range,
                       struct store_rows *ret)
{
    struct store_sqlite *s = self;
    struct store_reader *c;
    struct snapshot at = { 0 };
    struct store_rows rows = { 0 };
    struct err *e = NULL;
    int rc;

    c = reader_take(s, r->arena, &e);
    if (!c)
        return e;
    rc = snapshot_begin(c, &at);
    if (rc == SQLITE_OK)
        rc = list_rows(c, r->arena, range, &rows);
    if (rc != SQLITE_OK)
        e = store_err(s, r->arena, c->db, rc, "read it");
    (void)store_run(c->end);
    reader_give(s, c);
    rows.revision = at.revision;
    *ret = rows;
    return e;
}

static int changes_rows(struct arena *a, sqlite3_stmt *q, struct store_events *ret)
{
    size_t cap = 0;
    int rc;

    *ret = (struct store_events){ 0 };
    while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
        struct store_event *event;

        ret->items = vec_grow(a, ret->items, ret->count, &cap, sizeof *ret->items);
        event = &ret->items[ret->count++];
        event->type = (enum store_event_type)sqlite3_column_int(q, 0);
        event->key.resource = store_column(a, q, 1);
        event->key.ns = store_column(a, q, 2);
        event->key.name = store_column(a, q, 3);
        event->value = store_column(a, q, 4);
        event->previous = store_column(a, q, 5);
        event->revision = sqlite3_column_int64(q, 6);
        event->previous_revision = sqlite3_column_int64(q, 7);
    }
    (void)sqlite3_reset(q);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static bool is_gone(const struct snapshot *at, int64_t after)
{
    return after < at->compacted || (after > at->gap_low && after < at->gap_high);
}

struct err *store_changes(void *self, struct run *r, const struct store_since *since,
                          struct store_events *ret)
{
    struct store_sqlite *s = self;
    struct store_reader *c;
    struct snapshot at = { 0 };
    sqlite3_stmt *q;
    struct err *e = NULL;
    int rc;

    c = reader_take(s, r->arena, &e);
    if (!c)
        return e;
    rc = snapshot_begin(c, &at);
    if (rc == SQLITE_OK && is_gone(&at, since->after)) {
        e = err_new(r->arena, ERR_GONE, "history up to revision %lld is no longer kept",
                    (long long)(since->after < at.compacted ? at.compacted : at.gap_high));
    } else if (rc == SQLITE_OK) {
        q = since->resource.len ? c->changes_of : c->changes_all;
        if (since->resource.len)
            store_bind(q, 1, since->resource);
        (void)sqlite3_bind_int64(q, 2, since->after);
        (void)sqlite3_bind_int64(q, 3, (int64_t)since->limit);
        rc = changes_rows(r->arena, q, ret);
    }
    if (rc != SQLITE_OK)
        e = store_err(s, r->arena, c->db, rc, "read it");
    (void)store_run(c->end);
    reader_give(s, c);
    return e;
}
