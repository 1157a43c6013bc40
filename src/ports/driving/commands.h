/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/commands.h - what the outside may ask weir to change: the verbs behind the CLI and the UI.
 *
 * Each acts on Flux objects through the cluster port and, where said, waits for the outcome until r->deadline.
 * Implemented by app/control/commands.
 */
#ifndef PORTS_DRIVING_COMMANDS_H
#define PORTS_DRIVING_COMMANDS_H

#include "base/run.h"
#include "core/kube/obj_ref.h"

/* Told as things happen, so that a terminal can show them: flux' "►", "◎", "✔" lines. */
enum progress_kind {
    PROGRESS_ACTION,
    PROGRESS_WAITING,
    PROGRESS_SUCCESS,
    PROGRESS_FAILURE,
    PROGRESS_GENERATE
};

struct progress {
    void (*say)(void *self, enum progress_kind kind, struct str text);
    void *self;
};

struct reconcile_request {
    struct obj_ref ref;
    bool with_source; /* Kustomization: its source first */
    bool force;       /* adds reconcile.fluxcd.io/forceAt */
};

struct suspend_request {
    struct gvk gvk;
    struct str ns;
    const struct str *names; /* none with `all` */
    size_t name_count;
    bool all;
    bool resume; /* instead of suspending */
    bool wait;   /* resume: until reconciled */
};

/* Creates an object, or makes the one that is there like it. */
struct put_request {
    const struct val *object;
    /* In messages: "GitRepository source". "": nothing is said and nothing waited for. */
    struct str human;
};

struct commands_ops {
    struct err *(*reconcile)(void *self, struct run *r, const struct reconcile_request *req,
                             const struct progress *progress);
    struct err *(*suspend)(void *self, struct run *r, const struct suspend_request *req,
                           const struct progress *progress);
    /*
     * Of a Flux object the labels and the spec become those given, of others labels, annotations and data are added; a RoleBinding that
     * differs is replaced. With `human`, until the object is ready; ERR_INVALID tells why it is not.
     */
    struct err *(*put)(void *self, struct run *r, const struct put_request *req,
                       const struct progress *progress);
    /* Asks for the deletion, and does not wait for it. ERR_NOT_FOUND. */
    struct err *(*remove)(void *self, struct run *r, const struct obj_ref *ref,
                          const struct progress *progress);
};

struct commands {
    const struct commands_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
