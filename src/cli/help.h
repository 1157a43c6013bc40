/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/help.h - help texts and shell completion, derived from the command table.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

void help_overview(const struct cli *cli);
void help_command(const struct cli *cli, const struct command *c);

/* The script of one shell: bash, zsh or fish. ERR_INVALID: another shell. */
MUST_CHECK struct err *help_completion(const struct cli *cli, struct str shell);

#endif
