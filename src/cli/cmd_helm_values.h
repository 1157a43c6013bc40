/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_values.h - `weir helm values`: the values that a chart's templates would see. */
#ifndef CLI_CMD_HELM_VALUES_H
#define CLI_CMD_HELM_VALUES_H

#include "cli/command.h"

struct err *cmd_helm_values(const struct cli *cli, const struct invocation *in);

#endif
