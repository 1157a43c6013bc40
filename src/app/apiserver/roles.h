/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/roles.h - private to app/apiserver: ClusterRoles whose rules are those of others.
 * Source of truth: kubernetes pkg/controller/clusterroleaggregation (1.35).
 */
#ifndef APP_APISERVER_ROLES_H
#define APP_APISERVER_ROLES_H

#include "app/apiserver/state.h"

#define CLUSTER_ROLES STR("rbac.authorization.k8s.io/clusterroles")

/* Brings every aggregated role up to date. False: some could not be written. */
bool roles_aggregate(struct apiserver *s, struct run *r);

#endif
