/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cluster_command.h - what the commands that talk to a cluster share: connection, progress lines.
 */
#ifndef CLI_CLUSTER_COMMAND_H
#define CLI_CLUSTER_COMMAND_H

#include "cli/command.h"

/* Connects by the invocation's flags and sets the run's deadline from --timeout. */
MUST_CHECK struct err *cluster_command_connect(const struct cli *cli, const struct invocation *in,
                                               struct commands *ret_commands,
                                               struct queries *ret_queries);

/* "►", "◎", "✔", "✗" lines on standard error, as flux prints them. */
struct progress cluster_command_progress(const struct cli *cli);

#endif
