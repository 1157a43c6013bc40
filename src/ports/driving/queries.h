/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/queries.h - what the outside may ask weir to tell: reads behind the CLI and the UI.
 * Results live in r->arena. Implemented by app/control/queries.
 */
#ifndef PORTS_DRIVING_QUERIES_H
#define PORTS_DRIVING_QUERIES_H

#include "base/run.h"
#include "core/api/flux_kinds.h"
#include "core/kube/obj_ref.h"
#include "ports/driving/builds.h"

struct objects_query {
    struct gvk gvk;
    struct str ns;   /* "" with all_namespaces */
    struct str name; /* "": all */
    struct str label_selector;
    struct str
        status_selector; /* "ready=false", "ready!=true": a condition and its status; "": any */
};

struct objects {
    const struct val *const *items; /* sorted by namespace, name */
    size_t count;
    size_t unfiltered; /* how many there were before the status selector */
};

/* Told on the caller's thread. Both may be called many times; the values live for the call. */
struct observer {
    void (*listed)(void *self, const struct objects *objects); /* at first, before any change */
    void (*changed)(void *self, const struct val *object, bool gone);
    void *self;
};

/* What a Kustomization applied, and what those objects own. */
struct tree_node {
    struct obj_ref ref;
    struct str status; /* kstatus word: Current, InProgress, Failed, NotFound ...; "" unknown */
    struct str message;
    const struct tree_node *children;
    size_t child_count;
};

struct events_query {
    struct str ns;
    bool all_namespaces;
    struct str kind; /* "": of any object */
    struct str name;
    struct str types; /* comma-separated; "": all */
};

/* From an object back to where it comes from. */
struct trace_query {
    struct str ns;
    /* "deployment" "web", or "deploy/web" "cm/settings"; with kind and api_version set: the name alone. */
    const struct str *words;
    size_t word_count;
    struct str kind; /* "" with api_version "" */
    struct str api_version;
};

struct trace {
    struct obj_ref ref;       /* ns "" for what is of no namespace */
    const struct val *owner;  /* the Kustomization; NULL: `problem` says why there is none */
    const struct val *source; /* what the owner takes its files from */
    struct err *problem;
};

struct traces {
    const struct trace *items;
    size_t count;
};

/* How the objects of a kind fare. */
struct kind_count {
    const struct flux_kind *kind;
    int64_t total;
    int64_t failing; /* Ready is False */
    int64_t suspended;
    int64_t bytes; /* of the artifacts */
};

/* One line of `check`. */
enum finding_kind { FINDING_SECTION, FINDING_GOOD, FINDING_NOTE, FINDING_WARNING, FINDING_BAD };

struct finding {
    enum finding_kind kind;
    struct str text;
};

struct findings {
    const struct finding *items;
    size_t count;
    bool failed; /* one of them is FINDING_BAD */
};

struct queries_ops {
    struct err *(*objects)(void *self, struct run *r, const struct objects_query *query,
                           struct objects *ret);
    struct err *(*tree)(void *self, struct run *r, const struct obj_ref *kustomization,
                        struct tree_node *ret);
    /* Of Flux objects, oldest first; of a Kustomization by name those of its source too. ERR_INVALID: a kind or type that is none. */
    struct err *(*events)(void *self, struct run *r, const struct events_query *query,
                          struct objects *ret);
    /* The same, then what comes, until r->deadline or r->cancelled: both are success. ERR_NOT_FOUND: the kind is not served. */
    struct err *(*observe_objects)(void *self, struct run *r, const struct objects_query *query,
                                   const struct observer *observer);
    struct err *(*observe_events)(void *self, struct run *r, const struct events_query *query,
                                  const struct observer *observer);
    /* ERR_INVALID: the words name nothing; ERR_NOT_FOUND: the object, or its kind. Kinds may be plural, short or of a CRD. */
    struct err *(*trace)(void *self, struct run *r, const struct trace_query *query,
                         struct traces *ret);
    /* Of each kind, FLUX_KIND_COUNT of them by flux_kind_id; none of a kind that is not served. ns "": of all namespaces. */
    struct err *(*count)(void *self, struct run *r, struct str ns, struct kind_count *ret);
    /* What weir needs of a cluster, and unless `before` what it has there: CRDs, controllers, and which locks are open. */
    struct err *(*check)(void *self, struct run *r, struct str ns, bool before,
                         struct findings *ret);
    /* ERR_NOT_FOUND: the Kustomization, a folder, or an object that variables come from; else as a build fails. */
    struct err *(*build)(void *self, struct run *r, const struct build_query *query,
                         struct built *ret);
    /* By dry run on the server, nothing is written. What fails for some objects is one error, after all were tried. */
    struct err *(*diff)(void *self, struct run *r, const struct build_query *query,
                        struct changes *ret);
};

struct queries {
    const struct queries_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
