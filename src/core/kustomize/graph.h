/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/graph.h - which kustomization pulls in which files and folders, without building anything.
 */
#ifndef CORE_KUSTOMIZE_GRAPH_H
#define CORE_KUSTOMIZE_GRAPH_H

#include "core/kustomize/kustomize.h"

struct kustomize_edge {
    struct str from;  /* a kustomization file, as messages name it */
    struct str to;    /* a kustomization file, another file, or a URL that was not fetched */
    struct str field; /* "resources" */
    uint32_t line;    /* of the entry in `from` */
    bool is_folder;   /* `to` is a kustomization */
    bool seen;        /* its own edges are listed elsewhere */
    size_t depth;     /* of `from`: 0 for the start folder */
};

struct kustomize_graph {
    struct str start;             /* the start folder's kustomization */
    struct kustomize_edge *items; /* depth first, in the order of the fields */
    size_t count;
    size_t cap;
};

/*
 * Walks from the folder `path`. Errors as kustomize_build for kustomizations that cannot be read; files are not opened, so
 * one that is missing is no error.
 */
MUST_CHECK struct err *kustomize_graph(struct arena *a, const struct kustomize_options *options,
                                       const struct tree *tree, struct str path,
                                       struct kustomize_graph *ret);

#endif
