/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/past.h - private to app/apiserver: what a resource held at an earlier revision.
 *
 * The present state with the history behind that revision undone, newest first. ERR_GONE: it is no longer kept.
 */
#ifndef APP_APISERVER_PAST_H
#define APP_APISERVER_PAST_H

#include "app/apiserver/state.h"

/* Rows of `resource` in `ns` ("": all) at `revision`, sorted as the store sorts. */
MUST_CHECK struct err *past_list(struct apiserver *s, struct run *r, struct str resource,
                                 struct str ns, int64_t revision, struct store_rows *ret);

#endif
