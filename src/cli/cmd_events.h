/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_events.h - `weir events`: Kubernetes Events of Flux objects. */
#ifndef CLI_CMD_EVENTS_H
#define CLI_CMD_EVENTS_H

#include "cli/command.h"

struct err *cmd_events(const struct cli *cli, const struct invocation *in);

#endif
