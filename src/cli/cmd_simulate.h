/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_simulate.h - a fleet reconciled in a throw-away cluster, and what came of it. */
#ifndef CLI_CMD_SIMULATE_H
#define CLI_CMD_SIMULATE_H

#include "cli/command.h"

/* Exit status 0: all ready; 1: something failed, refers to nothing, or did not come to rest; 2: usage. */
MUST_CHECK struct err *cmd_simulate(const struct cli *cli, const struct invocation *in);

#endif
