/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_logs.h - `weir logs`: the engine's JSON lines, chosen and laid out as `flux logs` does. */
#ifndef CLI_CMD_LOGS_H
#define CLI_CMD_LOGS_H

#include "cli/command.h"

struct err *cmd_logs(const struct cli *cli, const struct invocation *in);

#endif
