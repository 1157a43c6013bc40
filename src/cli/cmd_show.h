/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_show.h - `weir tree kustomization` and `weir events`. */
#ifndef CLI_CMD_SHOW_H
#define CLI_CMD_SHOW_H

#include "cli/command.h"

struct err *cmd_tree_kustomization(const struct cli *cli, const struct invocation *in);

#endif
