/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/target_token.h - private to target.c: another cluster by spec.kubeConfig.configMapRef.
 *
 * The ConfigMap says where it is (address, ca.crt) and whose token it takes (serviceAccountName, audiences): tokens come
 * from our own server's TokenRequest. The provider `generic` is built; those of clouds are refused by name. Messages are
 * Flux' (pkg auth 0.54); unlike there no feature gate stands before an object's own service account.
 */
#ifndef APP_RECONCILE_TARGET_TOKEN_H
#define APP_RECONCILE_TARGET_TOKEN_H

#include "app/reconcile/ports.h"

/* Fills address, ca_pem and tokens of *ret; they live in the run's arena. */
MUST_CHECK struct err *target_from_config_map(const struct reconcile_ports *ports, struct run *run,
                                              const struct val *object, struct cluster_target *ret);

/* "https://Host[:port]/path" or "host" as https://host:port. ERR_INVALID: no address, or not of https. */
MUST_CHECK struct err *target_address_parse(struct arena *a, struct str text, struct str *ret);

#endif
