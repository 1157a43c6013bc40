/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/shared_label.h - labels and annotations that one transformer put in several places of an object.
 *
 * In kustomize those are one node of the tree, so that whoever later writes over one of them, a patch or another
 * label, changes all. Output depends on it, so such values carry a mark here and follow each other.
 */
#ifndef CORE_KUSTOMIZE_SHARED_LABEL_H
#define CORE_KUSTOMIZE_SHARED_LABEL_H

#include "value/val.h"

/* A marked string: every place that holds this very value is one node to kustomize. */
const struct val *kust_shared_label(struct arena *a, struct str text);

/*
 * `after` with every marked value that the change from `before` wrote over rewritten everywhere. Costs what
 * changed, and the whole object only when a marked value did.
 */
const struct val *kust_shared_follow(struct arena *a, const struct val *before,
                                     const struct val *after);

/* The object with all marks gone, as after being printed and read. */
const struct val *kust_shared_forget(struct arena *a, const struct val *object);

#endif
