/* SPDX-License-Identifier: Apache-2.0 */
/* core/kube/strategic_list.h - the lists of a strategic merge; private to core/kube/strategic_*.c. */
#ifndef CORE_KUBE_STRATEGIC_LIST_H
#define CORE_KUBE_STRATEGIC_LIST_H

#include "core/kube/schema.h"
#include "value/val.h"

/* A value of the patch with nothing to merge into: without nulls and directives; NULL when a directive deletes it. */
const struct val *strategic_new_value(struct arena *a, const struct val *v);

/* Lists of a field with the merge strategy; ERR_UNSUPPORTED. */
MUST_CHECK struct err *strategic_list_merge(struct arena *a, const struct schema_field *field,
                                            const struct val *before, const struct val *patch,
                                            const struct val **ret);

/* What `order` names stands in its order; the rest keeps its place of `before`. `key` "": scalars. */
const struct val *strategic_list_order(struct arena *a, struct str key, const struct val *list,
                                       const struct val *order, const struct val *before);

#endif
