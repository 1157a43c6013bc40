/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/crds.h - `crds`: OpenAPI definitions of custom types that say which fields are names, labels or
 * references.
 */
#ifndef CORE_KUSTOMIZE_CRDS_H
#define CORE_KUSTOMIZE_CRDS_H

#include "core/kustomize/build.h"

/* Merges what the files say into *config. ERR_INVALID: not such a file. */
MUST_CHECK struct err *kust_crds_read(struct kust_build *b, const struct kust_dir *dir,
                                      const struct val *paths, const struct kust_config **config);

#endif
