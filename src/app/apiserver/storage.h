/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/storage.h - objects as they are served, over rows as they are stored.
 *
 * An object read is in the asked resource's version, with metadata.resourceVersion and, for custom resources, with
 * defaults of today's schema. An object written goes in the storage version, without the resourceVersion.
 */
#ifndef APP_APISERVER_STORAGE_H
#define APP_APISERVER_STORAGE_H

#include "app/apiserver/state.h"

/* *ret NULL: there is none. */
MUST_CHECK struct err *storage_get(struct apiserver *s, struct run *r,
                                   const struct api_resource *res, struct str ns, struct str name,
                                   const struct val **ret);
/* The revision of an object that was read: its resourceVersion; 0 for NULL. */
int64_t storage_revision(const struct val *object);

/* Stored bytes of a revision to an object. */
MUST_CHECK struct err *storage_decode(struct arena *a, const struct api_resource *res,
                                      struct str value, int64_t revision, const struct val **ret);

struct storage_write {
    const struct api_resource *resource;
    struct str ns;
    struct str name;
    const struct val *object;
    bool remove;
    int64_t expected; /* revision; 0: must not exist */
    bool dry_run;
};
/* The store's errors as they are: ERR_CONFLICT, ERR_ALREADY_EXISTS, ERR_NOT_FOUND. */
MUST_CHECK struct err *storage_commit(struct apiserver *s, struct run *r,
                                      const struct storage_write *w, int64_t *ret_revision);

/* Every object of a resource, ns "" for all namespaces. */
struct storage_objects {
    const struct val **items;
    int64_t *revisions;
    size_t count;
    int64_t revision; /* of the snapshot */
};
MUST_CHECK struct err *storage_list(struct apiserver *s, struct run *r,
                                    const struct api_resource *res, struct str ns,
                                    struct storage_objects *ret);

/*
 * Every row under a store key, a page at a time in memory of its own; each page is a snapshot for itself, so the caller follows
 * the history from before the first. A store that fails ends it.
 */
void storage_each(struct apiserver *s, struct str resource,
                  void (*fn)(void *ctx, struct arena *a, const struct store_row *row), void *ctx);

const struct val *storage_with_revision(struct arena *a, const struct val *object,
                                        int64_t revision);

/* How core looks things up: by store key, in the storage version. `self` is given to it. */
struct storage_reader {
    struct apiserver *s;
    struct run *r;
    struct object_reader port;
};
void storage_reader_init(struct storage_reader *reader, struct apiserver *s, struct run *r);

/* A fresh version 4 UUID. */
struct str storage_uid(struct apiserver *s, struct arena *a);

#endif
