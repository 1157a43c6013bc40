/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/history.h"

enum { ENTRIES_MAX = 5 };

static const struct val *find(const struct val *history, const struct history_entry *entry)
{
    for (size_t i = 0; i < val_count(history); i++) {
        const struct val *old = val_item(history, i);

        if (str_eq(val_get_str(old, "digest"), entry->digest) &&
            str_eq(val_get_str(old, "lastReconciledStatus"), entry->status))
            return old;
    }
    return NULL;
}

const struct val *history_upsert(struct arena *a, const struct val *history,
                                 const struct history_entry *entry)
{
    const struct val *old = find(history, entry),
                     *now = val_string(a, wall_time_format(a, entry->at));
    const struct val *first = val_get(old, STR("firstReconciled"));
    struct seq_builder b;

    seq_builder_init(&b, a);
    seq_builder_add(&b,
                    val_map_of(a, "digest", val_string(a, entry->digest), "firstReconciled",
                               first ? first : now, "lastReconciled", now, "lastReconciledDuration",
                               val_string(a, duration_format(a, entry->duration_ns)),
                               "lastReconciledStatus", val_string(a, entry->status), "metadata",
                               val_map_of(a, "revision", val_string(a, entry->revision), NULL),
                               "totalReconciliations",
                               val_int(a, val_at_int(old, "totalReconciliations", 0) + 1), NULL));
    for (size_t i = 0; i < val_count(history) && b.count < ENTRIES_MAX; i++)
        if (val_item(history, i) != old)
            seq_builder_add(&b, val_item(history, i));
    return seq_builder_done(&b, NULL);
}
