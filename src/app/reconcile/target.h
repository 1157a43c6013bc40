/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/target.h - where a Flux object applies what it holds, and as whom.
 *
 * spec.kubeConfig names another cluster, by a Secret's kubeconfig or by a ConfigMap's address; spec.serviceAccountName, or else --default-service-account, whom to
 * impersonate there. Without either it is the engine itself on its own cluster. Messages are Flux' (pkg runtime 0.110).
 */
#ifndef APP_RECONCILE_TARGET_H
#define APP_RECONCILE_TARGET_H

#include "app/reconcile/ports.h"

/* Errors: the Secret or ConfigMap, its key or its kubeconfig is missing or cannot be used; no token for that cluster. */
MUST_CHECK struct err *target_open(const struct reconcile_ports *ports, struct run *run,
                                   const struct val *object, struct cluster *ret);

/* Objects are in another cluster, whose events do not reach us. */
bool target_is_remote(const struct val *object);

/* False: there is a service account to impersonate, and it is gone. */
bool target_has_account(const struct reconcile_ports *ports, struct run *run,
                        const struct val *object);

#endif
