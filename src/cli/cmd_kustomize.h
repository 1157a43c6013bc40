/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_kustomize.h - `weir kustomize build` and `weir kustomize graph`. */
#ifndef CLI_CMD_KUSTOMIZE_H
#define CLI_CMD_KUSTOMIZE_H

#include "cli/command.h"

struct err *cmd_kustomize_build(const struct cli *cli, const struct invocation *in);
struct err *cmd_kustomize_graph(const struct cli *cli, const struct invocation *in);

#endif
