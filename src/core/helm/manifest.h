/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/manifest.h - rendered files as objects: split into documents, hooks apart, in the order of installing.
 */
#ifndef CORE_HELM_MANIFEST_H
#define CORE_HELM_MANIFEST_H

#include "core/helm/chart.h"

enum helm_hook_event {
    HOOK_PRE_INSTALL = 1 << 0,
    HOOK_POST_INSTALL = 1 << 1,
    HOOK_PRE_DELETE = 1 << 2,
    HOOK_POST_DELETE = 1 << 3,
    HOOK_PRE_UPGRADE = 1 << 4,
    HOOK_POST_UPGRADE = 1 << 5,
    HOOK_PRE_ROLLBACK = 1 << 6,
    HOOK_POST_ROLLBACK = 1 << 7,
    HOOK_TEST = 1 << 8,
};

struct helm_manifest {
    struct str source;       /* template that it comes from: "app/templates/web.yaml" */
    struct str content;      /* text as rendered, spaces in front taken off */
    const struct val *value; /* the same as a tree; null for a document of comments */
    struct str kind;
    unsigned events; /* enum helm_hook_event; 0: no hook */
    int64_t weight;  /* of a hook */
};

struct helm_manifests {
    struct helm_manifest *items;
    size_t count;
    size_t cap;
};

/* A template that does not render, or makes what is no manifest. */
struct helm_failure {
    struct str template; /* "app/templates/web.yaml" */
    struct str
        document; /* that is no manifest, a part of the template's text; ptr NULL: it did not render */
    const struct err *as_helm; /* in helm's words */
    struct str advice;         /* what helm does not say, lines without indentation; "": nothing */
};

struct helm_failures {
    struct helm_failure *items;
    size_t count;
    size_t cap;
};

/*
 * Splits the files (in the order of their names) and sorts what is in them by kind; hooks whose events are unknown are
 * left out. Every document that is no YAML, or whose head has fields of wrong types, is a failure (ERR_INVALID), without advice.
 */
void helm_manifests_sort(struct arena *a, const struct helm_files *rendered,
                         struct helm_manifests *ret_objects, struct helm_manifests *ret_hooks,
                         struct helm_failures *failures);

/* One document; errors as above. */
MUST_CHECK struct err *helm_manifest_read(struct arena *a, struct str source, struct str text,
                                          struct helm_manifest *ret);

/* Documents of a text, at lines that begin with "---"; blank ones are dropped. */
void helm_split(struct arena *a, struct str text, struct helm_files *ret);

#endif
