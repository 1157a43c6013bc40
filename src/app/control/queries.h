/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/queries.h - ports/driving/queries.h on a cluster.
 */
#ifndef APP_CONTROL_QUERIES_H
#define APP_CONTROL_QUERIES_H

#include "ports/driven/clock.h"
#include "ports/driven/cluster.h"
#include "ports/driving/queries.h"

struct control_queries {
    struct cluster cluster;
    struct clock clock;
};

/* `q` is borrowed. */
struct queries control_queries_port(struct control_queries *q);

#endif
