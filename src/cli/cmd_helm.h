/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm.h - `weir helm eval`: one template through Helm's engine. */
#ifndef CLI_CMD_HELM_H
#define CLI_CMD_HELM_H

#include "cli/command.h"

struct err *cmd_helm_eval(const struct cli *cli, const struct invocation *in);

#endif
