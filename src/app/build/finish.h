/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/build/finish.h - the last step of every build of a Kustomization: whose the object is, and its common metadata.
 */
#ifndef APP_BUILD_FINISH_H
#define APP_BUILD_FINISH_H

#include "base/err.h"
#include "core/kube/ownership.h"

enum build_purpose {
    BUILD_TO_APPLY, /* common metadata, then the owner's labels, as kustomize-controller */
    BUILD_TO_SHOW, /* the owner's labels, what SOPS encrypted masked, then common metadata, as the flux CLI */
};

/* common: spec.commonMetadata, NULL: none. ERR_INVALID: a Secret to show whose data is no base64. */
MUST_CHECK struct err *build_finish(struct arena *a, enum build_purpose purpose,
                                    const struct owner *owner, const struct val *common,
                                    const struct val *object, const struct val **ret);

#endif
