/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/patch.h - the text of a patch, which may be a strategic merge patch or a JSON patch.
 */
#ifndef CORE_KUSTOMIZE_PATCH_H
#define CORE_KUSTOMIZE_PATCH_H

#include "core/kustomize/build.h"

struct kust_patch {
    struct kust_resources strategic; /* empty when it is a JSON patch */
    const struct val *json;          /* list of operations; NULL when it is a strategic one */
};

/* ERR_INVALID: neither; the message has the place. */
MUST_CHECK struct err *kust_patch_read(struct kust_build *b, struct str text, struct str name,
                                       struct kust_patch *ret);

/* The operations of a JSON patch, given as JSON or YAML. */
MUST_CHECK struct err *kust_patch_read_json(struct kust_build *b, struct str text, struct str name,
                                            const struct val **ret);

/*
 * Applies a strategic merge patch to r; its object becomes NULL when the patch deletes it. Name, namespace and
 * kind stay unless the patch may change them.
 */
MUST_CHECK struct err *kust_patch_strategic(struct kust_build *b, struct kust_resource *r,
                                            const struct kust_resource *patch);

MUST_CHECK struct err *kust_patch_json(struct kust_build *b, struct kust_resource *r,
                                       const struct val *operations);

#endif
