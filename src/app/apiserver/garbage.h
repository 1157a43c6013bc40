/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/garbage.h - private to app/apiserver: the garbage collector.
 *
 * Keeps in memory who depends on which uid, nothing else: owners are looked up in the store when a decision needs them.
 * Belongs to the keeper's thread. What to do is core's (core/apiserver/gc.h).
 */
#ifndef APP_APISERVER_GARBAGE_H
#define APP_APISERVER_GARBAGE_H

#include "app/apiserver/keeper.h"

struct garbage;

struct garbage *garbage_new(struct apiserver *s);
void garbage_free(struct garbage *g);

/* An object is there or was changed; both as stored, `before` NULL when it was not there or had no owners. */
void garbage_saw(struct garbage *g, const struct store_key *key, const struct val *object,
                 const struct val *before);
/* An object is gone; `object` is its last state. */
void garbage_lost(struct garbage *g, const struct store_key *key, const struct val *object);

/* Does one thing; false: nothing to do now. */
bool garbage_step(struct garbage *g, struct run *r);
struct mono_time garbage_due(const struct garbage *g, struct mono_time now);

#endif
