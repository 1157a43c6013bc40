/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_package.h - `weir helm package`: charts as archives. */
#ifndef CLI_CMD_HELM_PACKAGE_H
#define CLI_CMD_HELM_PACKAGE_H

#include "cli/command.h"

struct err *cmd_helm_package(const struct cli *cli, const struct invocation *in);

#endif
