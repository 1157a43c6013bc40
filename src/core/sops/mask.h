/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sops/mask.h - what SOPS encrypted, hidden from the output of a build.
 */
#ifndef CORE_SOPS_MASK_H
#define CORE_SOPS_MASK_H

#include "base/err.h"
#include "value/val.h"

/*
 * *ret: a Secret that SOPS encrypted without its metadata, every value "**SOPS**"; of another Secret only the values that hold an encrypted
 * file; any other object without its "sops" field. ERR_INVALID: a Secret's data is no base64. Source of truth: flux 2.9.5 `build kustomization`.
 */
MUST_CHECK struct err *sops_mask(struct arena *a, const struct val *object, const struct val **ret);

#endif
