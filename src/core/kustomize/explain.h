/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/explain.h - where each field of a built object came from.
 *
 * A field's history is the values it had after each step of the build that changed it: the place where the text of
 * the value is, and the transformer with the entry that asked for it. Needs a result built with options.trace.
 */
#ifndef CORE_KUSTOMIZE_EXPLAIN_H
#define CORE_KUSTOMIZE_EXPLAIN_H

#include "core/kustomize/kustomize.h"

/*
 * Prints the history of the object `wanted` ("Kind/ns/name", "Kind/name"), or of its fields at and below
 * "Kind/ns/name:spec.template". List items are written [name=web] or [0]. ERR_NOT_FOUND: no such object or field, with
 * the nearest that exist; ERR_INVALID: `wanted` is not of that form.
 */
MUST_CHECK struct err *kustomize_explain(struct arena *a, const struct kustomize_result *result,
                                         struct str wanted, struct buf *out);

#endif
