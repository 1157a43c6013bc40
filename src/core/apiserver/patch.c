/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/patch.h"

#include "core/kube/strategic_merge.h"
#include "value/json_patch.h"
#include "value/merge_patch.h"

/* 422 with empty details, as Go's NewGenericServerResponse. */
static struct err *unprocessable(struct arena *a, const struct err *cause)
{
    struct err *e = err_new(a, ERR_INVALID,
                            "the server rejected our request due to an error in our request");
    struct err_status *s = ARENA_NEW(a, struct err_status);

    (void)cause;
    *s = (struct err_status){ .http_code = 422, .reason = STR("Invalid"), .retry_after_s = 0 };
    e->status = s;
    return e;
}

/* Go's library takes a missing value for null. */
static const struct val *with_values(struct arena *a, const struct val *patch)
{
    for (size_t i = 0; i < patch->count; i++) {
        const struct val *op = patch->items[i];
        struct str name = val_get_str(op, "op");

        if (!val_get(op, STR("value")) && (str_is(name, "add") || str_is(name, "replace")))
            patch = val_seq_replace(a, patch, i, val_with(a, op, STR("value"), &val_null));
    }
    return patch;
}

static struct err *json_patch_on(struct arena *a, const struct val *live, const struct val *patch,
                                 const struct val **ret)
{
    static const struct json_patch_options options = { .replace_missing_key = true,
                                                       .negative_indices = true };
    struct err *e;

    patch = with_values(a, patch);
    for (size_t i = 0; i < patch->count; i++)
        if (!val_is(patch->items[i], VAL_MAP))
            return status_bad_request(
                a,
                "error decoding patch: json: cannot unmarshal %s into Go value of type "
                "handlers.jsonPatchOp",
                val_kind_name(patch->items[i]));
    if (TRY(&e, json_patch_apply(a, live, patch, &options, ret)))
        return unprocessable(a, e);
    return NULL;
}

struct err *patch_apply(struct arena *a, const struct schema *type, enum patch_type kind,
                        const struct val *live, const struct val *patch, const struct val **ret)
{
    struct err *e;

    switch (kind) {
    case PATCH_JSON:
        return json_patch_on(a, live, patch, ret);
    case PATCH_MERGE:
        *ret = merge_patch_apply(a, live, patch);
        return NULL;
    case PATCH_STRATEGIC:
        e = strategic_merge_apply(a, type, live, patch, ret);
        if (e && e->code == ERR_INVALID)
            return status_bad_request(a, "%.*s", STR_ARG(e->msg));
        return e ? status_untyped(a, "%.*s", STR_ARG(e->msg)) : NULL;
    case PATCH_APPLY:
        break;
    }
    return status_internal(a, "an apply patch is no change of a tree");
}
