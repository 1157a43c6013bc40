/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/events.h - private to app/apiserver: Events live an hour, as kube-apiserver's --event-ttl has it.
 */
#ifndef APP_APISERVER_EVENTS_H
#define APP_APISERVER_EVENTS_H

#include "app/apiserver/state.h"

/* Removes the Events that nothing has touched for an hour. Called now and then by the keeper. */
void events_sweep(struct apiserver *s, struct run *r);

#endif
