/* SPDX-License-Identifier: Apache-2.0 */
/*
 * value/json_patch.h - JSON Patch (RFC 6902), with the habits of evanphx/json-patch where it is looser.
 */
#ifndef VALUE_JSON_PATCH_H
#define VALUE_JSON_PATCH_H

#include "base/err.h"
#include "value/val.h"

struct json_patch_options {
    bool
        replace_missing_key; /* `replace` of an absent map key adds it, as kube-apiserver (evanphx v4) does */
    bool remove_missing_ok; /* `remove` of an absent path is no error */
    bool ensure_path;       /* `add` makes missing parent maps */
    bool negative_indices;  /* -1 is the last item */
    /* `add` and `replace` without a value give null, as does `copy` of an absent map key */
    bool lenient_nulls;
};

/*
 * Applies the operations in order; all or nothing. ERR_INVALID: not a list, an unknown op, a missing member, a path
 * that does not exist (message names operation number and path); a failed `test` is ERR_CONFLICT.
 */
MUST_CHECK struct err *json_patch_apply(struct arena *a, const struct val *target,
                                        const struct val *patch,
                                        const struct json_patch_options *options,
                                        const struct val **ret);

#endif
