/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_local.h - commands that need no cluster: `weir fmt`, `health`, `version`, `completion`. */
#ifndef CLI_CMD_LOCAL_H
#define CLI_CMD_LOCAL_H

#include "cli/command.h"

struct err *cmd_fmt(const struct cli *cli, const struct invocation *in);
struct err *cmd_envsubst(const struct cli *cli, const struct invocation *in);
struct err *cmd_health(const struct cli *cli, const struct invocation *in);
struct err *cmd_version(const struct cli *cli, const struct invocation *in);
struct err *cmd_help(const struct cli *cli, const struct invocation *in);
struct err *cmd_completion(const struct cli *cli, const struct invocation *in);

#endif
