/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/patch.h - a patch of each type on a live object, with kube-apiserver's errors.
 *
 * Pure application of the patch; defaults, managed fields and checks follow in prepare.h. ERR 400 for malformed patches,
 * 422 for JSON patches that do not fit, 413 over 10,000 operations.
 */
#ifndef CORE_APISERVER_PATCH_H
#define CORE_APISERVER_PATCH_H

#include "core/apiserver/decode.h"

/* PATCH_JSON, PATCH_MERGE or PATCH_STRATEGIC; `type` is the schema of the patched kind. */
MUST_CHECK struct err *patch_apply(struct arena *a, const struct schema *type, enum patch_type kind,
                                   const struct val *live, const struct val *patch,
                                   const struct val **ret);

#endif
