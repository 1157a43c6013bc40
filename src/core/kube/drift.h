/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/drift.h - whether an object differs from what we want, without what servers and controllers write.
 *
 * Source of truth: fluxcd/pkg ssa, manager_diff.go: status and the volatile part of metadata are left out.
 */
#ifndef CORE_KUBE_DRIFT_H
#define CORE_KUBE_DRIFT_H

#include "value/val.h"

/* Hash of all but status and metadata's managedFields, resourceVersion, generation, uid, creationTimestamp. */
uint64_t drift_hash(struct arena *a, const struct val *object);

/* The answer of a dry-run apply changes the live object (NULL: it does not exist). */
bool drift_between(struct arena *a, const struct val *live, const struct val *dry_run);

#endif
