/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/keeper.h - private to app/apiserver: the controllers a server cannot do without, on one thread.
 *
 * It follows the store's history as the hub does and does what follows from each event: collects garbage (gc.c), empties
 * namespaces that end (namespaces.c), ends definitions (crds.c), aggregates roles (roles.c). What could not be done
 * is tried again after a while, longer each time. All of it can be lost: at the start it reads everything anew.
 */
#ifndef APP_APISERVER_KEEPER_H
#define APP_APISERVER_KEEPER_H

#include "app/apiserver/state.h"
#include "base/map.h"

struct keeper *keeper_new(struct apiserver *s);
/* False: no thread could be made. */
bool keeper_start(struct keeper *k);
void keeper_stop(struct keeper *k);

/* Called after each commit, by the store's writer. */
void keeper_wake(struct keeper *k);

/* ---- for its parts, on its thread ---- */

/* Keys that want work, each once: those that are ready in the order they came, and those that wait for a retry. */
struct work_set {
    struct arena *home; /* NULL: empty; made anew when what was taken out outweighs what is in */
    struct map index;
    struct work_item *ready;
    struct work_item **ready_end;
    struct work_item *later;
    size_t count;
};

struct work_item {
    struct str key;
    int attempts;         /* so far, in vain */
    struct mono_time due; /* of a retry */
    bool is_ready;
    struct work_item *next;
};

/* Ready now, even if it waits for a retry. */
void work_add(struct work_set *set, struct str key);
/* Ready now, if it waits for a retry; else nothing. */
void work_hasten(struct work_set *set, struct str key);
/* Takes out what is to be done now. *ret_key and the attempts live in `a`; false: nothing. */
bool work_take(struct work_set *set, struct arena *a, struct mono_time now, struct str *ret_key,
               int *ret_attempts);
/* Tries again later: after 50 ms, doubled with each attempt up to a minute. */
void work_retry(struct work_set *set, struct str key, int attempts, struct mono_time now);
/* Ready at `due`, or earlier if it is so already. */
void work_delay(struct work_set *set, struct str key, struct mono_time due);
/* When the next retry is due; MONO_NEVER: nothing waits. Now, if something is ready. */
struct mono_time work_due(const struct work_set *set, struct mono_time now);
void work_free(struct work_set *set);

#endif
