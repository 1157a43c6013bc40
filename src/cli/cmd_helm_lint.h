/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_lint.h - `weir helm lint`: what is wrong with charts. */
#ifndef CLI_CMD_HELM_LINT_H
#define CLI_CMD_HELM_LINT_H

#include "cli/command.h"

struct err *cmd_helm_lint(const struct cli *cli, const struct invocation *in);

#endif
