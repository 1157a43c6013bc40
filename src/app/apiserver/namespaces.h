/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/namespaces.h - private to app/apiserver: emptying a namespace that is being deleted.
 * Source of truth: kubernetes pkg/controller/namespace/deletion (1.35).
 */
#ifndef APP_APISERVER_NAMESPACES_H
#define APP_APISERVER_NAMESPACES_H

#include "app/apiserver/state.h"

/* Deletes what is in it, says in its conditions what remains, and lets it go when it is empty. False: not yet. */
bool namespace_finish_deletion(struct apiserver *s, struct run *r, struct str name);

bool namespace_is_terminating(const struct val *ns);

#endif
