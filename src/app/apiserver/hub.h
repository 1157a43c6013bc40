/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/hub.h - private to app/apiserver: carries what the store committed to every open watch.
 *
 * One thread. It keeps no events: woken after a commit, it reads the store's history behind the revision it has reached,
 * which bounds its memory and makes a gap impossible; if history has gone before it got there, all watches end with
 * 410. A watch starts on its opener's thread, which hands over what lies behind the asked revision until it meets
 * the hub, and joins it under the hub's lock: no event is missed or sent twice, order is the store's.
 */
#ifndef APP_APISERVER_HUB_H
#define APP_APISERVER_HUB_H

#include "app/apiserver/list_options.h"

struct hub *hub_new(struct apiserver *s);
/* False: no thread could be made. */
bool hub_start(struct hub *h);
/* Ends every watch and the thread. */
void hub_stop(struct hub *h);

/* Called after each commit, by the store's writer. */
void hub_wake(struct hub *h);

/* Opens a watch for a call that may (ports/driving/api_server.h, watch_open). */
MUST_CHECK struct err *hub_open(struct hub *h, struct call *c, const struct api_watch_sink *sink,
                                struct api_watch **ret);
void hub_close(struct hub *h, struct api_watch *w);

/* Ends the watches on a resource: its definition changed or went. */
void hub_end_resource(struct hub *h, struct str store_key);

#endif
