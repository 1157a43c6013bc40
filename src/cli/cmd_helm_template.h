/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_template.h - `weir helm template`. */
#ifndef CLI_CMD_HELM_TEMPLATE_H
#define CLI_CMD_HELM_TEMPLATE_H

#include "cli/command.h"

struct err *cmd_helm_template(const struct cli *cli, const struct invocation *in);

#endif
