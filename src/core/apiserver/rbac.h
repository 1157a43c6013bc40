/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/rbac.h - may a user do this? Role rules, and the aggregation of ClusterRoles.
 *
 * Source of truth: kubernetes plugin/pkg/auth/authorizer/rbac, pkg/controller/clusterroleaggregation (1.35).
 */
#ifndef CORE_APISERVER_RBAC_H
#define CORE_APISERVER_RBAC_H

#include "core/apiserver/prepare.h"

struct rbac_request {
    struct str user;
    const struct str *groups;
    size_t group_count;
    struct str verb;     /* get list watch create update patch delete deletecollection ... */
    struct str group;    /* API group */
    struct str resource; /* plural; "" for a path that is no resource */
    struct str subresource;
    struct str ns;
    struct str name;
    struct str path; /* when no resource */
};

/*
 * system:masters may do all; else ClusterRoleBindings, then RoleBindings of the namespace. *ret_reason says which
 * binding allowed it, as SubjectAccessReview shows, or when denied which roles of bindings are missing ("" when none
 * is): the answer appends it.
 */
MUST_CHECK struct err *rbac_allows(struct arena *a, const struct rbac_request *q,
                                   const struct object_reader *reader, bool *ret_allowed,
                                   struct str *ret_reason);

/* `User "u" cannot list resource "pods" in API group "" in the namespace "n"`, for status_forbidden. */
struct str rbac_denial(struct arena *a, const struct rbac_request *q);

/* rules of a ClusterRole with an aggregationRule, from all others; NULL: nothing changes. */
const struct val *rbac_aggregate(struct arena *a, const struct val *cluster_role,
                                 const struct val *const *all, size_t count);

/* Roles and bindings that a new cluster has: cluster-admin, admin, edit, view, system:... */
const struct val *const *rbac_bootstrap(struct arena *a, size_t *ret_count);

#endif
