/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_pull.h - weir helm pull: charts of repositories and registries into a folder. */
#ifndef CLI_CMD_HELM_PULL_H
#define CLI_CMD_HELM_PULL_H

#include "cli/command.h"

struct err *cmd_helm_pull(const struct cli *cli, const struct invocation *in);

MUST_CHECK struct err *cmd_helm_verify(const struct cli *cli, const struct invocation *in);
MUST_CHECK struct err *cmd_helm_push(const struct cli *cli, const struct invocation *in);

#endif
