/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/grant.h - private to app/apiserver: roles and bindings may not give what their writer does not hold.
 */
#ifndef APP_APISERVER_GRANT_H
#define APP_APISERVER_GRANT_H

#include "app/apiserver/state.h"

/*
 * For a write of a Role, ClusterRole, RoleBinding or ClusterRoleBinding: ERR 403 unless the user is in system:masters, may
 * "escalate" or "bind", or holds all of it; nothing for other kinds. `live` NULL on create.
 */
MUST_CHECK struct err *grant_check(struct call *c, const struct val *live,
                                   const struct val *object);

#endif
