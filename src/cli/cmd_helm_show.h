/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_helm_show.h - `weir helm show all|chart|values|readme|crds`. */
#ifndef CLI_CMD_HELM_SHOW_H
#define CLI_CMD_HELM_SHOW_H

#include "cli/command.h"

struct err *cmd_helm_show_all(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_show_chart(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_show_values(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_show_readme(const struct cli *cli, const struct invocation *in);
struct err *cmd_helm_show_crds(const struct cli *cli, const struct invocation *in);

#endif
