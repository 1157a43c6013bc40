/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/drift.h"

static const struct val *comparable(struct arena *a, const struct val *object)
{
    static const struct str noise[] = {
        STR_INIT("managedFields"), STR_INIT("resourceVersion"),   STR_INIT("generation"),
        STR_INIT("uid"),           STR_INIT("creationTimestamp"), STR_INIT("selfLink"),
    };
    const struct val *metadata = val_get(object, STR("metadata"));

    for (size_t i = 0; i < sizeof noise / sizeof noise[0] && metadata; i++)
        metadata = val_without(a, metadata, noise[i]);
    object = val_without(a, object, STR("status"));
    return metadata ? val_with(a, object, STR("metadata"), metadata) : object;
}

uint64_t drift_hash(struct arena *a, const struct val *object)
{
    return val_hash(comparable(a, object));
}

bool drift_between(struct arena *a, const struct val *live, const struct val *dry_run)
{
    return !live || !val_eq(comparable(a, live), comparable(a, dry_run));
}
