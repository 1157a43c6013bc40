/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/history.h - status.history of a Kustomization: the last five outcomes, newest first (fluxcd/pkg apis/meta).
 */
#ifndef APP_RECONCILE_HISTORY_H
#define APP_RECONCILE_HISTORY_H

#include "base/clock.h"
#include "value/val.h"

struct history_entry {
    struct str digest; /* sha256:<hex> of the built manifests */
    struct str status; /* ReconciliationSucceeded, HealthCheckFailed ... */
    struct str revision;
    struct wall_time at;
    int64_t duration_ns;
};

/* `history` NULL: empty. One with the same digest and status is counted up and moves to the front. */
const struct val *history_upsert(struct arena *a, const struct val *history,
                                 const struct history_entry *entry);

#endif
