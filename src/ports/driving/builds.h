/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/builds.h - what a Kustomization would apply, built from files of this machine, and how a cluster differs from it.
 */
#ifndef PORTS_DRIVING_BUILDS_H
#define PORTS_DRIVING_BUILDS_H

#include "core/kube/obj_ref.h"
#include "core/kustomize/kustomize.h"

struct build_query {
    struct str ns;
    struct str name;
    const struct val *kustomization; /* from a file: it takes the place of the cluster's; NULL */
    struct str path;                 /* folder with the manifests */
    bool offline;        /* no cluster: `kustomization` is given, substituteFrom is left out */
    bool ignore_missing; /* `kustomization` need not be in the cluster */
    bool strict;         /* variables without a value and a default are an error */
    bool recursive;      /* the Kustomizations among the objects too */
    struct str ignored;  /* comma-separated patterns, as in .gitignore */
    struct str sources;  /* with recursive: Kind/namespace/name=FOLDER, comma-separated */
    struct kustomize_fetch fetch;
    /* A folder of this machine as a tree. */
    struct err *(*open_tree)(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                             struct str *ret_path);
    void *self;
    /* The same at another time. A diff then compares the two builds, and asks no cluster about objects. NULL: none. */
    struct err *(*open_before)(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                               struct str *ret_path);
    void *self_before;
};

struct built {
    const struct val *const *objects; /* as they would be applied, what SOPS encrypted masked */
    size_t count;
};

enum change_kind { CHANGE_CREATED, CHANGE_DRIFTED, CHANGE_DELETED, CHANGE_SKIPPED, CHANGE_NESTED };

/* What applying would do to one object; where nothing, there is none. */
struct change {
    enum change_kind kind; /* NESTED: the changes of a Kustomization follow, until `depth` falls */
    struct obj_ref ref;
    unsigned depth;
    const struct val *before; /* DRIFTED: without managedFields, Secrets masked */
    const struct val *after;
    struct str note; /* SKIPPED: why, "" for a policy of the object */
};

struct changes {
    const struct change *items;
    size_t count;
    bool any; /* something other than SKIPPED */
};

#endif
