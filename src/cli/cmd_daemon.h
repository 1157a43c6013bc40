/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_daemon.h - `weir run` and `weir sandbox`: the flags of the long-running jobs. */
#ifndef CLI_CMD_DAEMON_H
#define CLI_CMD_DAEMON_H

#include "cli/command.h"

struct err *cmd_run(const struct cli *cli, const struct invocation *in);
struct err *cmd_sandbox(const struct cli *cli, const struct invocation *in);

#endif
