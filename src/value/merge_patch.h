/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/merge_patch.h - JSON Merge Patch (RFC 7386): null removes, maps merge, all else replaces.
 */
#ifndef VALUE_MERGE_PATCH_H
#define VALUE_MERGE_PATCH_H

#include "value/val.h"

const struct val *merge_patch_apply(struct arena *a, const struct val *target,
                                    const struct val *patch);

/* The patch that turns `from` into `to`; an empty map when they are equal. */
const struct val *merge_patch_create(struct arena *a, const struct val *from, const struct val *to);

#endif
