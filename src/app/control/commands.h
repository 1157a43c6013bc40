/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/commands.h - ports/driving/commands.h on a cluster: flux' verbs.
 */
#ifndef APP_CONTROL_COMMANDS_H
#define APP_CONTROL_COMMANDS_H

#include "ports/driven/clock.h"
#include "ports/driven/cluster.h"
#include "ports/driving/commands.h"

struct control_commands {
    struct cluster cluster;
    struct clock clock;
};

/* `c` is borrowed. */
struct commands control_commands_port(struct control_commands *c);

#endif
