/* SPDX-License-Identifier: Apache-2.0 */
#include "app/build/finish.h"

#include "core/kube/obj_ref.h"
#include "core/kustomize/flux.h"
#include "core/sops/mask.h"

static const struct val *with_common(struct arena *a, const struct val *object,
                                     const struct val *common)
{
    return common ? flux_common_metadata(a, object, common) : object;
}

struct err *build_finish(struct arena *a, enum build_purpose purpose, const struct owner *owner,
                         const struct val *common, const struct val *object, const struct val **ret)
{
    struct obj_ref ref = obj_ref_of(object);
    struct err *e;

    if (purpose == BUILD_TO_APPLY) {
        *ret = owner_labels_set(a, with_common(a, object, common), owner);
        return NULL;
    }
    /* Labels that are null stay so in flux' output, as it writes its own below the null. */
    if (!val_is(val_at(object, "metadata.labels"), VAL_NULL))
        object = owner_labels_set(a, object, owner);
    if (TRY(&e, sops_mask(a, object, &object)))
        return err_wrap(a, e, "%.*s", STR_ARG(obj_ref_format(a, &ref)));
    *ret = with_common(a, object, common);
    return NULL;
}
