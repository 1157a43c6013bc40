/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/ownership.h - labels and annotations by which an object says whose it is and what may be done to it.
 *
 * Source of truth: kustomize-controller 1.9, "Owner labels" and "Controlling the apply behavior of resources".
 */
#ifndef CORE_KUBE_OWNERSHIP_H
#define CORE_KUBE_OWNERSHIP_H

#include "value/val.h"

struct owner {
    struct str group; /* kustomize.toolkit.fluxcd.io */
    struct str name;
    struct str ns;
};

/* The object with <group>/name and <group>/namespace labels. */
const struct val *owner_labels_set(struct arena *a, const struct val *object,
                                   const struct owner *o);

/* Both labels are there and name this owner. */
bool owner_labels_match(const struct val *object, const struct owner *o);

/* <group>/<key> as an annotation or a label, compared without regard to case. */
bool policy_is(const struct val *object, const struct owner *o, const char *key, const char *value);

/* An object that must be left alone: <group>/prune: disabled, reconcile: disabled, ssa: Ignore. */
bool policy_forbids_prune(const struct val *object, const struct owner *o);
bool policy_forbids_apply(const struct val *desired, const struct val *live, const struct owner *o);

#endif
