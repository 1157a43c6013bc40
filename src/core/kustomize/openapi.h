/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/openapi.h - `openapi`: another schema for the merges of this build.
 *
 * The first kustomization of a build that asks decides, as in the peer; unlike there, the next build starts
 * from the built-in schema again. What the built-in schema was already needed for, it stays there for.
 */
#ifndef CORE_KUSTOMIZE_OPENAPI_H
#define CORE_KUSTOMIZE_OPENAPI_H

#include "core/kustomize/build.h"

/* ERR_INVALID: path and version both given, a version that is not built in, a file that is no schema. */
MUST_CHECK struct err *kust_openapi_use(struct kust_build *b, const struct kust_dir *dir,
                                        const struct val *spec);

#endif
