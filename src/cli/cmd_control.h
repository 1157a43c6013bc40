/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_control.h - `weir reconcile`, `suspend`, `resume`: flux' verbs that change something. */
#ifndef CLI_CMD_CONTROL_H
#define CLI_CMD_CONTROL_H

#include "cli/command.h"

struct err *cmd_reconcile_git(const struct cli *cli, const struct invocation *in);
struct err *cmd_reconcile_kustomization(const struct cli *cli, const struct invocation *in);
struct err *cmd_suspend_git(const struct cli *cli, const struct invocation *in);
struct err *cmd_suspend_kustomization(const struct cli *cli, const struct invocation *in);
struct err *cmd_resume_git(const struct cli *cli, const struct invocation *in);
struct err *cmd_resume_kustomization(const struct cli *cli, const struct invocation *in);

#endif
