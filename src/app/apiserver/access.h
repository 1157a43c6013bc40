/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/access.h - private to app/apiserver: who asks, and whether they may.
 * Source of truth: apiserver pkg/endpoints/filters (1.35).
 */
#ifndef APP_APISERVER_ACCESS_H
#define APP_APISERVER_ACCESS_H

#include "app/apiserver/state.h"
#include "core/apiserver/rbac.h"

/* Sets c->user, after the impersonation that the request asks for; ERR 403. */
MUST_CHECK struct err *access_user(struct call *c);

/* ERR 403 in kube's words when c->user may not do what the call asks. */
MUST_CHECK struct err *access_check(struct call *c);

/* The answer for any question; system:masters is allowed without a look at roles. */
MUST_CHECK struct err *access_allows(struct call *c, const struct rbac_request *q,
                                     bool *ret_allowed, struct str *ret_reason);

/* Groups of a user as authentication adds them: of service accounts, system:authenticated. */
struct api_user access_with_groups(struct arena *a, const struct api_user *user);

#endif
