/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/readiness.h - whether a Flux object has come to rest, as flux' `resume` and `create` wait for it.
 */
#ifndef APP_CONTROL_READINESS_H
#define APP_CONTROL_READINESS_H

#include "ports/driven/clock.h"
#include "ports/driven/cluster.h"

enum readiness {
    READINESS_WAITING,
    READINESS_READY,
    READINESS_FAILED, /* stalled, or not ready for a reason that does not pass by itself */
};

/* Only what is said of the object's present generation counts. */
enum readiness readiness_of(struct arena *a, const struct val *object, struct wall_time now);

/* Until the object is no longer READINESS_WAITING. ERR_NOT_FOUND: it is gone; ERR_TIMEOUT at r->deadline. */
MUST_CHECK struct err *readiness_wait(const struct cluster *cluster, const struct clock *clock,
                                      struct run *r, const struct obj_ref *ref,
                                      const struct val **ret);

/* The time between two looks. */
void readiness_pause(const struct clock *clock);

#endif
