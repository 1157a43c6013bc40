/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_dependency.h - weir helm dependency list, build and update. */
#ifndef CLI_CMD_HELM_DEPENDENCY_H
#define CLI_CMD_HELM_DEPENDENCY_H

#include "cli/command.h"

struct err *cmd_helm_dependency_list(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_dependency_build(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_dependency_update(const struct cli *cli, const struct invocation *in);

#endif
