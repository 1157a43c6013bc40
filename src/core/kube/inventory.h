/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/inventory.h - status.inventory: what a Kustomization has applied.
 *
 * Entries are {id, v}: the id of core/kube/obj_ref.h and the API version. Order is that of the source, as Flux keeps it.
 */
#ifndef CORE_KUBE_INVENTORY_H
#define CORE_KUBE_INVENTORY_H

#include "core/kube/obj_ref.h"

/* From status.inventory (NULL: empty). Entries that do not parse are an ERR_INVALID, never dropped in silence. */
MUST_CHECK struct err *inventory_parse(struct arena *a, const struct val *inventory,
                                       struct obj_refs *ret);

/* {"entries": [...]}, each object once. */
const struct val *inventory_format(struct arena *a, const struct obj_refs *refs);

/* Those of a, then those only in b. */
struct obj_refs inventory_union(struct arena *a, const struct obj_refs *first,
                                const struct obj_refs *second);
/* Those of `from` that are not in `without`; versions do not count. */
struct obj_refs inventory_difference(struct arena *a, const struct obj_refs *from,
                                     const struct obj_refs *without);

#endif
