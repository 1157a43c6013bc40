/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_get.h - `weir get`: Flux objects with their state. */
#ifndef CLI_CMD_GET_H
#define CLI_CMD_GET_H

#include "cli/command.h"

struct err *cmd_get(const struct cli *cli, const struct invocation *in); /* the command's kind */
struct err *cmd_get_sources_all(const struct cli *cli, const struct invocation *in);
struct err *cmd_get_images_all(const struct cli *cli, const struct invocation *in);
struct err *cmd_get_all(const struct cli *cli, const struct invocation *in);

#endif
