/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_trace.h - `weir trace`: where an object of the cluster comes from. */
#ifndef CLI_CMD_TRACE_H
#define CLI_CMD_TRACE_H

#include "cli/command.h"

struct err *cmd_trace(const struct cli *cli, const struct invocation *in);

#endif
