/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/rbac_grant.h - nobody may grant what he does not hold: rules against the rights of who writes them.
 *
 * Source of truth: kubernetes pkg/registry/rbac (escalation_check.go, validation/policy_*.go), component-helpers auth/rbac/validation
 * (1.35).
 */
#ifndef CORE_APISERVER_RBAC_GRANT_H
#define CORE_APISERVER_RBAC_GRANT_H

#include "core/apiserver/rbac.h"

/*
 * Whether the user of `who` (user, groups, ns) holds all that `rules` give. *ret_why is "" then, else the text that kube
 * puts into its refusal: who tries to grant what, one line for each resource.
 */
MUST_CHECK struct err *rbac_grant_check(struct arena *a, const struct rbac_request *who,
                                        const struct object_reader *reader, const struct val *rules,
                                        struct str *ret_why);

#endif
