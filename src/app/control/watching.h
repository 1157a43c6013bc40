/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/watching.h - a list and what changes after it, told on the caller's thread.
 */
#ifndef APP_CONTROL_WATCHING_H
#define APP_CONTROL_WATCHING_H

#include "ports/driven/clock.h"
#include "ports/driven/cluster.h"

/* Called on the thread that watches. Values live for the call; list items may come without kind and apiVersion. */
struct watching {
    void (*listed)(void *self, struct run *r, const struct cluster_list *list);
    void (*changed)(void *self, struct run *r, const struct val *object, bool gone);
    void *self;
};

/*
 * Lists, watches, and lists again where the server has lost the thread; what is told twice is told no more. Returns NULL at r->deadline
 * or when r->cancelled is seen, an error when it cannot list or watch. `r` given to the calls has an arena of its own.
 */
MUST_CHECK struct err *watching_run(const struct cluster *cluster, const struct clock *clock,
                                    struct run *r, const struct cluster_selector *sel,
                                    const struct watching *watching);

#endif
