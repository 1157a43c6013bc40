/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/bootstrap.h - private to app/apiserver: the objects a new cluster has.
 */
#ifndef APP_APISERVER_BOOTSTRAP_H
#define APP_APISERVER_BOOTSTRAP_H

#include "app/apiserver/state.h"

/* Makes, in one commit, those that are not there. *ret_created: how many. */
MUST_CHECK struct err *bootstrap_objects(struct apiserver *s, struct run *r, size_t *ret_created);

#endif
