/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/health.h - what a Kustomization waits for: all it applied (spec.wait), or what spec.healthChecks name.
 *
 * What the engine applied to its own cluster is watched; everything else is asked for now and then (`polled`).
 */
#ifndef APP_RECONCILE_HEALTH_H
#define APP_RECONCILE_HEALTH_H

#include "app/reconcile/attempt.h"

/* spec.wait, or some healthChecks. */
bool health_is_checked(const struct val *kustomization);

/* Everything that was applied, and what is checked beyond it, with its health now, into ret->applied. */
void health_gather(struct attempt *t, const struct apply_result *result, struct outcome *ret);

/* All that is checked is Current. */
bool health_all_current(const struct outcome *o);

#endif
