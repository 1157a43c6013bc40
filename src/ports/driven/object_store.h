/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/object_store.h - where the embedded API server keeps objects: a keyed store with one growing revision,
 * history, and durable transactions.
 *
 * Keys are (resource, namespace, name); resource is "group/plural" ("/pods" in the core group), without a version.
 * Values are the canonical JSON of the object, without metadata.resourceVersion, which is the revision of the last write
 * (docs/adr/0006). Revisions are int64, start at 1 and grow by one for each changed object; they are never
 * used twice, not even after a restart from a backup.
 *
 * Thread-safe. One writer thread groups transactions into one durable commit; store_commit returns after the
 * data is on disk. Reads see the last commit. Implementation: adapters/store_sqlite.
 */
#ifndef PORTS_DRIVEN_OBJECT_STORE_H
#define PORTS_DRIVEN_OBJECT_STORE_H

#include "base/blob.h"
#include "base/run.h"

struct store_key {
    struct str resource;
    struct str ns; /* "": cluster-scoped */
    struct str name;
};

struct store_row {
    struct store_key key;
    struct str value; /* bytes as committed */
    int64_t revision; /* of the last write: the resourceVersion */
};

struct store_write {
    struct store_key key;
    bool remove; /* delete; `value` is then the final state that watchers see */
    struct str value;
    int64_t
        expected_revision; /* -1: any; 0: must not exist; else the revision that must be there */
    int64_t ret_revision;  /* out: what this write got */
};

enum store_event_type { STORE_CREATED, STORE_UPDATED, STORE_REMOVED };

struct store_event {
    enum store_event_type type;
    struct store_key key;
    struct str value;          /* new state; of REMOVED the last one */
    struct str previous;       /* "" for CREATED; selectors need both sides */
    int64_t previous_revision; /* 0 for CREATED */
    int64_t revision;
};

struct store_range {
    struct str resource;
    struct str ns;          /* "": all */
    struct store_key after; /* continue behind this key; resource "" for the start */
    size_t limit;           /* rows at most; 0: all */
};

struct store_rows {
    struct store_row *items; /* by namespace, then name */
    size_t count;
    bool more;        /* the limit cut it */
    size_t remaining; /* how many more there are */
    int64_t revision; /* of the snapshot */
};

/* Which part of the history to read. */
struct store_since {
    struct str resource; /* "": of all */
    int64_t after;       /* events with a greater revision */
    size_t limit;        /* events at most */
};

struct store_events {
    struct store_event *items; /* oldest first */
    size_t count;
};

struct object_store_ops {
    /* *ret_found false: no such key. */
    struct err *(*get)(void *self, struct run *r, const struct store_key *key, bool *ret_found,
                       struct store_row *ret);
    /* One consistent snapshot. */
    struct err *(*list)(void *self, struct run *r, const struct store_range *range,
                        struct store_rows *ret);
    /*
     * All or nothing, durable on return. ERR_CONFLICT: an expected_revision does not hold (ERR_ALREADY_EXISTS when 0 was
     * expected, ERR_NOT_FOUND when the key is gone). `dry_run` checks alone.
     */
    struct err *(*commit)(void *self, struct run *r, struct store_write *writes, size_t count,
                          bool dry_run);
    /* ERR_GONE: history begins later than asked. */
    struct err *(*changes)(void *self, struct run *r, const struct store_since *since,
                           struct store_events *ret);
    int64_t (*revision)(void *self); /* of the last commit */
    /* Called on the writer thread after each commit with its events, in order; set once, before use. */
    void (*subscribe)(void *self,
                      void (*fn)(void *ctx, const struct store_event *events, size_t count),
                      void *ctx);
    /* Forgets history up to `revision`; objects stay. */
    struct err *(*compact)(void *self, struct run *r, int64_t revision);
};

struct object_store {
    const struct object_store_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
