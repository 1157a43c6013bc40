/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/prepare_steps.h"

struct err *prepare_virtual(struct arena *a, const struct prepare_call *call,
                            const struct val *object, const struct val **ret)
{
    if (!call->resource->namespaced || call->subresource.len) {
        *ret = object;
        return NULL;
    }
    return prepare_namespace(a, call, object, ret);
}
