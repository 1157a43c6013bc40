/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_export.h - `weir export` and `weir delete`, of the command's kind. */
#ifndef CLI_CMD_EXPORT_H
#define CLI_CMD_EXPORT_H

#include "cli/command.h"

struct err *cmd_export(const struct cli *cli, const struct invocation *in);
struct err *cmd_delete(const struct cli *cli, const struct invocation *in);

#endif
