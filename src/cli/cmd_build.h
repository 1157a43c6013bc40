/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_build.h - `weir build kustomization`: what Flux would apply, from files. */
#ifndef CLI_CMD_BUILD_H
#define CLI_CMD_BUILD_H

#include "cli/command.h"

struct err *cmd_build_kustomization(const struct cli *cli, const struct invocation *in);
struct err *cmd_diff_kustomization(const struct cli *cli, const struct invocation *in);

#endif
