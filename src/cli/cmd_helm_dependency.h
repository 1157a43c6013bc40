/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_dependency.h - `weir helm dependency list`: what Chart.yaml demands and what charts/ has. */
#ifndef CLI_CMD_HELM_DEPENDENCY_H
#define CLI_CMD_HELM_DEPENDENCY_H

#include "cli/command.h"

struct err *cmd_helm_dependency_list(const struct cli *cli, const struct invocation *in);

#endif
