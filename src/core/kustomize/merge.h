/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/merge.h - strategic merge as kustomize does it (kyaml merge2), which is not the API server's.
 *
 * Lists whose patch strategy is "merge" in the schema are merged by key, the patch's items first; every other list is
 * replaced. A null in the patch removes. `$patch: delete | replace | merge` works in maps and, as a list item of
 * its own, on lists. Also what the patch does not mention is visited: fields with an empty value go, and items of
 * keyed lists that share a key become one. Source of truth: kyaml 0.21, yaml/merge2 and yaml/walk.
 */
#ifndef CORE_KUSTOMIZE_MERGE_H
#define CORE_KUSTOMIZE_MERGE_H

#include "core/kustomize/merge_schema.h"

/*
 * *ret is NULL when the patch deletes the whole. `steps`: how many pairs of list items may be compared; less what was. ERR_INVALID: kinds
 * of values that cannot be merged; ERR_TOO_LARGE: lists that take too many steps.
 */
MUST_CHECK struct err *kust_merge(struct arena *a, const struct merge_schema *schema,
                                  const struct val *target, const struct val *patch, size_t *steps,
                                  const struct val **ret);

#endif
