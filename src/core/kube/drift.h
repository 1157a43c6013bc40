/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/drift.h - whether an object differs from what we want, without what servers and controllers write.
 *
 * Source of truth: fluxcd/pkg ssa, manager_diff.go: status and the volatile part of metadata are left out.
 */
#ifndef CORE_KUBE_DRIFT_H
#define CORE_KUBE_DRIFT_H

#include "core/kube/takeover.h"

/*
 * Changes when somebody else changes or removes a field that our manager has applied: whoever does so takes the field out
 * of the manager's set in metadata.managedFields, which is what is hashed. What others add, and what controllers write
 * into their own fields, leaves it as it is; what kubectl adds does not (core/kube/takeover.h). Without such a set: all but status and the volatile part of metadata.
 */
uint64_t drift_hash(struct arena *a, const struct val *object, const struct takeover *t);

/* The answer of a dry-run apply changes the live object (NULL: it does not exist). */
bool drift_between(struct arena *a, const struct val *live, const struct val *dry_run);

#endif
