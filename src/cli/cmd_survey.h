/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_survey.h - `weir stats` and `weir check`: a cluster as a whole. */
#ifndef CLI_CMD_SURVEY_H
#define CLI_CMD_SURVEY_H

#include "cli/command.h"

struct err *cmd_stats(const struct cli *cli, const struct invocation *in);
struct err *cmd_check(const struct cli *cli, const struct invocation *in);

#endif
