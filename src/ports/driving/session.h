/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/session.h - how a command reaches a cluster and this machine's files. Implemented by main from adapters.
 */
#ifndef PORTS_DRIVING_SESSION_H
#define PORTS_DRIVING_SESSION_H

#include "core/host.h"
#include "core/kustomize/kustomize.h"
#include "core/tree.h"
#include "ports/driving/commands.h"
#include "ports/driving/queries.h"
#include "ports/driving/release_cluster.h"

struct connect_options {
    struct str kubeconfig; /* "": $KUBECONFIG, then ~/.kube/config */
    struct str context;    /* "": the current one */
    int64_t timeout_ns;    /* sets r->deadline; 0: leaves it */
    bool offline;          /* no cluster: what needs one must not be asked */
};

struct session_ops {
    /* *ret_* are valid until the session ends. ERR_NOT_FOUND, ERR_INVALID: the kubeconfig. No call is made yet. */
    struct err *(*connect)(void *self, struct run *r, const struct connect_options *options,
                           struct commands *ret_commands, struct queries *ret_queries);
    /* The same, to render and check charts against. */
    struct err *(*connect_release)(void *self, struct run *r, const struct connect_options *options,
                                   struct release_cluster *ret);
    /* "-" is standard input. ERR_TOO_LARGE beyond max. */
    struct err *(*read_file)(void *self, struct arena *a, struct str path, size_t max,
                             struct str *ret);
    /*
     * Bytes of a file from `at` on, some at a time; "-" is standard input, whatever `at`. *ret is "" at the end; with `wait` it
     * waits there for more, from a file for ever. A file that has become shorter is read from its start. ERR_IO, ERR_NOT_FOUND.
     */
    struct err *(*read_on)(void *self, struct arena *a, struct str path, size_t *at, bool wait,
                           struct str *ret);
    /* Writes or replaces a file; folders above it must exist. ERR_IO, ERR_NOT_FOUND. */
    struct err *(*write_file)(void *self, struct arena *a, struct str path, struct str content);
    /* Makes a folder and those above it; one that is there is fine. ERR_IO. */
    struct err *(*make_folder)(void *self, struct arena *a, struct str path);
    /* Returns when something changed in one of these folders (not below them). ERR_IO. */
    struct err *(*wait_for_change)(void *self, struct arena *a, const struct str *folders,
                                   size_t count);
    /* A .tar.gz in memory as a tree. ERR_INVALID: it is none, or leaves its root; ERR_TOO_LARGE. */
    struct err *(*open_archive)(void *self, struct arena *a, struct str name, struct str bytes,
                                struct tree *ret);
    /* The tree as a reproducible .tar.gz file, replaced if it is there. ERR_IO, ERR_TOO_LARGE: then there is no file. */
    struct err *(*write_archive)(void *self, struct arena *a, struct str path,
                                 const struct tree *tree);
    /* How a build brings remote resources, as long as the run lasts; clones go with its arena. */
    struct kustomize_fetch (*fetch)(void *self, struct run *r);
    /* What templates may ask of this machine: time, random bytes, time zones. `lookup` finds nothing. */
    struct host (*host)(void *self);
    /* The machine's files as a tree; *ret_path is the folder `dir` in it. */
    struct err *(*open_tree)(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                             struct str *ret_path);
};

struct session {
    const struct session_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
