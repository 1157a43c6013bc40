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

/* The set of fields that the manager has applied; NULL: none. */
static const struct val *applied_fields(const struct val *object, struct str manager)
{
    const struct val *entries = val_at(object, "metadata.managedFields");

    for (size_t i = 0; i < val_count(entries); i++) {
        const struct val *entry = val_item(entries, i);

        if (str_eq(val_get_str(entry, "manager"), manager) &&
            str_is(val_get_str(entry, "operation"), "Apply") &&
            val_get_str(entry, "subresource").len == 0)
            return val_get(entry, STR("fieldsV1"));
    }
    return NULL;
}

uint64_t drift_hash(struct arena *a, const struct val *object, const struct takeover *t)
{
    const struct val *fields = applied_fields(object, t->field_manager);

    return val_hash(fields ? fields : comparable(a, object)) + takeover_hash(object, t);
}

bool drift_between(struct arena *a, const struct val *live, const struct val *dry_run)
{
    return !live || !val_eq(comparable(a, live), comparable(a, dry_run));
}
