/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/artifact_store.h - content-addressed artifacts, as Flux' source-controller stores and serves them.
 *
 * Path: <kind>/<namespace>/<name>/<file>, kind in lower case, file "<digest hex>.tar.gz" or as the kind says. Publishing is
 * atomic: a reader sees the whole file or none. Files are a cache that can be rebuilt from the source.
 * Thread-safe. Implementation: adapters/fs_posix.
 */
#ifndef PORTS_DRIVEN_ARTIFACT_STORE_H
#define PORTS_DRIVEN_ARTIFACT_STORE_H

#include "base/run.h"
#include "core/tree.h"

struct artifact_owner {
    struct str kind; /* gitrepository */
    struct str ns;
    struct str name;
};

struct artifact {
    struct str path;   /* relative: gitrepository/ns/name/file */
    struct str url;    /* where the artifact server serves it */
    struct str digest; /* sha256:<hex> of the file */
    uint64_t size;     /* bytes */
};

/* Decides what of a tree goes in: true keeps. Paths are relative, folders end in "/". */
struct artifact_filter {
    bool (*keep)(void *self, struct str path, bool is_dir);
    void *self;
};

struct artifact_content {
    struct str stem; /* name of the file without extension */
    struct tree tree;
    struct artifact_filter filter;
};

struct artifact_store_ops {
    /*
     * Packs the tree as a reproducible tar.gz (sorted, times and owners zero, modes 0644/0755 as Flux) and publishes
     * it. ERR_TOO_LARGE: LIMIT_ARTIFACT_*.
     */
    struct err *(*publish_tree)(void *self, struct run *r, const struct artifact_owner *owner,
                                const struct artifact_content *content, struct artifact *ret);
    /* The artifact's folder, verified against `digest` first; in memory or on disk, lives in r->arena. */
    struct err *(*open_tree)(void *self, struct run *r, struct str path, struct str digest,
                             struct tree *ret);
    /*
     * The same of an archive that was fetched from elsewhere; what open_tree of that path and digest finds for a while.
     * ERR_INVALID: another digest, or no archive of ours.
     */
    struct err *(*take_tree)(void *self, struct run *r, struct str path, struct str digest,
                             struct str bytes, struct tree *ret);
    /* It is there, whole, with this digest. */
    struct err *(*verify)(void *self, struct run *r, struct str path, struct str digest,
                          bool *ret_ok);
    /* Removes every file of the owner but `keep` (paths), sparing those younger than ttl. count 0: all. */
    struct err *(*collect)(void *self, struct run *r, const struct artifact_owner *owner,
                           const struct str *keep, size_t count, int64_t ttl_ns);
};

struct artifact_store {
    const struct artifact_store_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
