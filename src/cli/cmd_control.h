/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_control.h - `weir reconcile`, `suspend`, `resume`: flux' verbs on objects of the command's kind. */
#ifndef CLI_CMD_CONTROL_H
#define CLI_CMD_CONTROL_H

#include "cli/command.h"

struct err *cmd_reconcile(const struct cli *cli, const struct invocation *in);
struct err *cmd_suspend(const struct cli *cli, const struct invocation *in);
struct err *cmd_resume(const struct cli *cli, const struct invocation *in);

#endif
